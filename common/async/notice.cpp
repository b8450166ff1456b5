#include "common/async/notice.hpp"

#include "common/async/within.hpp"

#include <boost/asio/redirect_error.hpp>

void Notice::give() {
  ++given_;
  if (never_) never_->cancel();
}

Task<> Notice::after(Count seen) {
  if (given_ > seen) co_return ok;
  if (!never_)
    never_ = std::make_unique<asio::steady_timer>(co_await asio::this_coro::executor,
                                                  asio::steady_timer::time_point::max());
  boost::system::error_code failure;
  co_await never_->async_wait(asio::redirect_error(asio::use_awaitable, failure));
  if (given_ <= seen) co_return Failure{from(failure)};
  co_return ok;
}

Task<> Notice::after(Count seen, Clock& clock, std::optional<Clock::Instant> until) {
  if (!until) co_return co_await after(seen);
  auto const outcome = co_await within(clock, *until - clock.now(), after(seen));
  bool const is_time = !outcome && outcome.error().fault == Fault::Transient;
  if (is_time) co_return ok;
  co_return outcome;
}
