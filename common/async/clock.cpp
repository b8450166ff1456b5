#include "common/async/clock.hpp"

#include <boost/asio/redirect_error.hpp>

namespace {

class SystemClock final : public Clock {
 public:
  Instant now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall_time() const override { return std::chrono::system_clock::now(); }
  Task<> until(Instant instant) override {
    asio::steady_timer timer{co_await asio::this_coro::executor, instant};
    boost::system::error_code failure;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    if (failure) co_return Failure{from(failure)};
    co_return ok;
  }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}
