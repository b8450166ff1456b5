#include "common/async/signals.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

Task<> until_signalled() {
  asio::signal_set signals{co_await asio::this_coro::executor, SIGINT, SIGTERM};
  boost::system::error_code failure;
  co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  if (failure) co_return Failure{from(failure)};
  co_return cancelled();
}
