#pragma once
#include "common/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>

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

/// What a completion handler of co_spawn is given as one outcome: what guarded() could not turn
/// into an Error, because memory ran out, is a failure too.
template <class T>
Result<T> outcome_of(std::exception_ptr const& escaped, Result<T> ended) {
  if (escaped) return permanent("unexpected exception");
  return ended;
}

/// Gives `work` until `limit`, then cancels it and waits until it is gone.
template <class T>
Task<T> within(std::chrono::steady_clock::duration limit, Task<T> work) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer deadline{co_await asio::this_coro::executor, limit};
  auto first = co_await (guarded(std::move(work)) || deadline.async_wait(asio::use_awaitable));
  if (auto* const outcome = std::get_if<0>(&first)) co_return std::move(*outcome);
  co_return transient("no answer before the deadline");
}
