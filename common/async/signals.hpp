#pragma once
#include "common/async/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

/// SIGTERM and SIGINT, by which a process is told to stop. They are kept from when this is made:
/// make it first, for to PID 1, as in a container, they are lost until someone listens.
class StopSignals {
 public:
  explicit StopSignals(asio::any_io_executor const& executor)
      : signals_{executor, SIGINT, SIGTERM} {}

  /// Ends as Cancelled at the first; a second then ends the process at once. To be called once.
  Task<> received();

 private:
  asio::signal_set signals_;
};
