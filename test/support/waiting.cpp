#include "test/support/waiting.hpp"

#include <boost/asio/post.hpp>

Task<> forever() {
  asio::steady_timer never{co_await asio::this_coro::executor,
                           asio::steady_timer::time_point::max()};
  co_await never.async_wait(asio::use_awaitable);
  co_return ok;
}

Task<> one_turn() {
  co_await asio::post(asio::use_awaitable);
  co_return ok;
}
