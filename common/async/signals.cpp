#include "common/async/signals.hpp"

#include <boost/asio/redirect_error.hpp>
#include <csignal>
#include <cstdlib>

Task<> StopSignals::received() {
  boost::system::error_code failure;
  co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  if (failure) co_return Failure{from(failure)};
  boost::system::error_code ignored;
  signals_.clear(ignored);  // which leaves the default action behind: none for PID 1
  for (int const again : {SIGINT, SIGTERM})
    (void)std::signal(again, [](int signal) { std::_Exit(128 + signal); });
  co_return cancelled();
}
