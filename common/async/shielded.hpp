#pragma once
#include "common/async/task.hpp"

#include <boost/asio/cancellation_state.hpp>

/// Runs `work` to its end even when its task is cancelled meanwhile, or was before without anybody
/// having noticed; `cancelled_meanwhile` says so, at once, and nobody says it again. Whoever
/// shields work bounds it.
template <class T>
Task<T> shielded(Task<T> work, bool& cancelled_meanwhile) {
  auto const note = [&cancelled_meanwhile](asio::cancellation_type) {
    cancelled_meanwhile = true;
    return asio::cancellation_type::none;
  };
  auto const before = co_await asio::this_coro::cancellation_state;
  if (before.cancelled() != asio::cancellation_type::none) cancelled_meanwhile = true;
  co_await asio::this_coro::reset_cancellation_state(note);
  auto outcome = co_await guarded(std::move(work));
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_return outcome;
}
