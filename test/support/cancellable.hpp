#pragma once
#include "common/async/task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

/// A task on a loop of its own that is cancelled at a chosen moment.
class Cancellable {
 public:
  explicit Cancellable(Task<> task) {
    asio::co_spawn(loop_, guarded(std::move(task)),
                   asio::bind_cancellation_slot(
                       signal_.slot(), [this](std::exception_ptr const& escaped, Result<> ended) {
                         outcome = outcome_of(escaped, std::move(ended));
                       }));
  }
  void proceed() { loop_.poll(); }
  void cancel() {
    signal_.emit(asio::cancellation_type::terminal);
    loop_.poll();
  }

  std::optional<Result<>> outcome;

 private:
  asio::cancellation_signal signal_;
  asio::io_context loop_;
};
