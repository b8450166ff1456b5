#include "test/component/kube/followed.hpp"

#include <boost/asio/redirect_error.hpp>
#include <fmt/ranges.h>

Followed::Followed() {
  store_.on_change([this](auto const&) {
    ++changes_;
    for (auto* const timer : waiting_) timer->cancel();
  });
}

Followed::Values Followed::values() const {
  Values found;
  store_.for_each([&](auto const& object) {
    auto const value = object.data.find("value");
    found[object.metadata.name] = value == object.data.end() ? "" : value->second;
  });
  return found;
}

Task<> Followed::knows(Values wanted) {
  auto const reached =
      co_await until([this, &wanted] { return store_.synced() && values() == wanted; });
  if (reached) co_return ok;
  co_return transient(fmt::format("knows {} instead of {}", values(), wanted));
}

Task<> Followed::synced() {
  return until([this] { return store_.synced(); });
}

Task<> Followed::until(std::function<bool()> reached) {
  asio::steady_timer changed{co_await asio::this_coro::executor, std::chrono::seconds{40}};
  waiting_.insert(&changed);
  std::shared_ptr<void> const registered{nullptr, [&](void*) { waiting_.erase(&changed); }};
  while (!reached()) {
    boost::system::error_code failure;
    co_await changed.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    if (!failure) co_return transient("nothing of it within 40 s");
  }
  co_return ok;
}

namespace {

Task<> followed(kube::Client& client, std::string space, FollowedWork work,
                kube::WatcherSettings settings) {
  Followed followed;
  kube::Selection const selection{.namespace_name = space, .labels = {}, .fields = {}};
  kube::Watcher watcher{client,    system_clock(),   kube::kinds::config_map,
                        selection, followed.store(), settings};
  auto const ended_by = [](Task<> task, Result<>& outcome) -> Task<> {
    outcome = co_await guarded(std::move(task));
    co_return cancelled();
  };
  Result<> outcome;
  (void)co_await together([&](TaskGroup& group) {
    group.spawn(watcher.run());
    group.spawn(ended_by(work(followed), outcome));
  });
  co_return outcome;
}

}  // namespace

Result<> follow(kube::Config config, std::string space, FollowedWork work,
                kube::WatcherSettings settings) {
  return run(with_client(std::move(config), [&](kube::Client& client) {
    return followed(client, space, work, settings);
  }));
}
