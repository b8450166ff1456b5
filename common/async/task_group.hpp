#pragma once
#include "common/async/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <memory>

/// Children that end together: the first failure cancels the rest.
/// Left without join(), it still cancels them, but cannot wait until they are gone.
class TaskGroup {
 public:
  explicit TaskGroup(asio::any_io_executor const& executor);
  TaskGroup(TaskGroup const&) = delete;
  TaskGroup& operator=(TaskGroup const&) = delete;
  ~TaskGroup();

  /// Starts `task`; a group that was cancelled drops it instead.
  void spawn(Task<> task);

  void cancel();

  /// Waits for every child, even when cancelled itself, and reports the first failure.
  Task<> join();

 private:
  struct Children;
  std::shared_ptr<Children> children_;
};
