#include "common/async/signals.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>

namespace {

Task<> first_signal() {
  asio::signal_set signals{co_await asio::this_coro::executor, SIGINT, SIGTERM};
  boost::system::error_code failure;
  co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  if (failure) co_return Failure{from(failure)};
  co_return ok;
}

}  // namespace

Task<> until_signalled() {
  CO_TRY(co_await first_signal());
  // The signal set has left the default action behind, which does nothing to PID 1.
  for (int const again : {SIGINT, SIGTERM})
    (void)std::signal(again, [](int signal) { std::_Exit(128 + signal); });
  co_return cancelled();
}
