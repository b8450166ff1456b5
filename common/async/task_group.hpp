#pragma once
#include "common/async/task.hpp"

#include <functional>
#include <memory>

/// Where the children of together() are started; a child may be given it to start others.
class TaskGroup {
 public:
  TaskGroup(TaskGroup const&) = delete;
  TaskGroup& operator=(TaskGroup const&) = delete;
  ~TaskGroup() = default;

  /// Starts `task`; a group that was cancelled drops it instead.
  void spawn(Task<> task);

  void cancel();

 private:
  friend Task<> together(std::move_only_function<void(TaskGroup&)> start);
  explicit TaskGroup(asio::any_io_executor const& executor);
  Task<> join();

  struct Children;
  std::shared_ptr<Children> children_;
};

/// Runs what `start` spawns, and ends when every child is gone, even when cancelled itself. The
/// first failure cancels the other children and is the outcome.
/// Children may refer to whatever outlives the call, the caller's locals among it.
Task<> together(std::move_only_function<void(TaskGroup&)> start);
