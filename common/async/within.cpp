#include "common/async/within.hpp"

#include <fmt/core.h>

Task<> expiry(Limit limit) {
  asio::steady_timer timer{co_await asio::this_coro::executor, limit};
  co_await timer.async_wait(asio::use_awaitable);
  std::chrono::duration<double> const seconds = limit;
  co_return transient(fmt::format("no answer within {:g} s", seconds.count()));
}
