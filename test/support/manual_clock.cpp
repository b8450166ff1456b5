#include "test/support/manual_clock.hpp"

#include <boost/asio/redirect_error.hpp>

namespace {

/// Its place among those who wait, for as long as it does.
template <class Map>
struct Place {
  Map& waiting;
  typename Map::iterator at;
  Place(Map& map, typename Map::iterator place) : waiting{map}, at{place} {}
  Place(Place const&) = delete;
  Place& operator=(Place const&) = delete;
  ~Place() { waiting.erase(at); }
};

}  // namespace

Task<> ManualClock::until(Instant instant) {
  if (instant <= now_) co_return ok;
  asio::steady_timer timer{co_await asio::this_coro::executor, Instant::max()};
  Place const place{waiting_, waiting_.emplace(instant, &timer)};
  boost::system::error_code failure;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  if (instant > now_) co_return Failure{from(failure)};
  co_return ok;
}

void ManualClock::advance(Duration by) {
  now_ = later(now_, by);
  for (auto const& [instant, timer] : waiting_)
    if (instant <= now_) timer->cancel();
}

std::optional<Clock::Instant> ManualClock::earliest() const {
  for (auto const& [instant, timer] : waiting_)
    if (instant > now_) return instant;  // the others are woken already
  return std::nullopt;
}
