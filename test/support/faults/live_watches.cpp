#include "test/support/faults/live_watches.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace faults {

namespace asio = boost::asio;

void LiveWatches::freeze(std::string const& resource) { frozen_.insert(resource); }

void LiveWatches::thaw(std::string const& resource) {
  frozen_.erase(resource);
  ring();
}

void LiveWatches::end(std::string const& resource, End const& how) {
  for (auto* watch : watches_)
    if (watch->is_of(resource)) watch->end_ = how;
  ring();
}

void LiveWatches::ring() const {
  for (auto* watch : watches_) watch->bell_.cancel();
}

LiveWatch::LiveWatch(LiveWatches& all, std::string resource, asio::any_io_executor const& executor)
    : all_{all},
      resource_{std::move(resource)},
      bell_{executor, asio::steady_timer::time_point::max()} {
  all_.watches_.insert(this);
}

LiveWatch::~LiveWatch() { all_.watches_.erase(this); }

bool LiveWatch::is_of(std::string const& resource) const {
  return resource.empty() || resource == resource_;
}

asio::awaitable<void> LiveWatch::thawed() {
  co_await until(
      [this] { return !all_.frozen_.contains(resource_) && !all_.frozen_.contains(""); });
}

asio::awaitable<void> LiveWatch::ended() {
  co_await until([this] { return end_.has_value(); });
}

/// Looks again whenever the bell rings; a coroutine that was cancelled throws at its next wait.
asio::awaitable<void> LiveWatch::until(std::function<bool()> condition) {
  while (!condition()) {
    boost::system::error_code rung;
    co_await bell_.async_wait(asio::redirect_error(asio::use_awaitable, rung));
  }
}

}  // namespace faults
