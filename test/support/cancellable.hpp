#pragma once
#include "common/async/task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

/// A task on a loop of its own that is cancelled at a chosen moment.
class Cancellable {
 public:
  explicit Cancellable(Task<> task) {
    asio::co_spawn(loop_, at_edge(std::move(task)),
                   asio::bind_cancellation_slot(
                       signal_.slot(), [this](std::exception_ptr const& escaped, Result<> ended) {
                         running_ = false;
                         outcome_ = outcome_of(escaped, std::move(ended));
                       }));
  }
  void proceed() { loop_.poll(); }
  void cancel() {
    signal_.emit(asio::cancellation_type::terminal);
    loop_.poll();
  }
  bool is_running() const { return running_; }
  Result<> const& outcome() const { return outcome_; }

 private:
  bool running_ = true;
  Result<> outcome_ = permanent("still running");
  asio::cancellation_signal signal_;
  asio::io_context loop_;
};
