#pragma once
#include "common/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <string>
#include <utility>

namespace asio = boost::asio;

/// A coroutine that ends in a value or an Error. Asio needs T to be default-constructible.
template <class T = void>
using Task = asio::awaitable<Result<T>>;

/// Asio's failures become Errors here and nowhere else.
Error from(boost::system::error_code failure);

/// Runs `task` to its end; whatever it throws comes back as an Error.
template <class T>
Task<T> guarded(Task<T> task) {
  try {
    co_return co_await std::move(task);
  } catch (boost::system::system_error const& thrown) {
    co_return Failure{from(thrown.code())};
  } catch (std::exception const& thrown) {
    co_return permanent(std::string{"unexpected exception: "} + thrown.what());
  } catch (...) {
    co_return permanent("unexpected exception");
  }
}

/// The same for what co_spawn starts with a cancellation slot: Asio's last step for a task that
/// never had to wait would throw if it was cancelled.
Task<> at_edge(Task<> task);

/// What a completion handler of co_spawn is given as one outcome: what guarded() could not turn
/// into an Error, because memory ran out, is a failure too.
template <class T>
Result<T> outcome_of(std::exception_ptr const& escaped, Result<T> ended) {
  if (escaped) return permanent("unexpected exception");
  return ended;
}
