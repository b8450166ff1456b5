#pragma once
#include "common/async/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

/// Runs `task` and all that it starts to their ends, on a loop of their own.
template <class T>
Result<T> run(Task<T> task) {
  asio::io_context loop;
  Result<T> outcome = permanent("the task was abandoned");
  asio::co_spawn(loop, guarded(std::move(task)),
                 [&](std::exception_ptr const& escaped, Result<T> ended) {
                   outcome = outcome_of(escaped, std::move(ended));
                 });
  loop.run();
  return outcome;
}
