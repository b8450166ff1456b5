// Our watcher and store, as scripts/bench measures them.
#include "common/kube/store.hpp"
#include "common/kube/watcher.hpp"
#include "test/bench/valkey-operator/model.hpp"
#include "test/support/run.hpp"

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <chrono>
#include <fmt/core.h>
#include <unistd.h>

namespace {

using Clusters = kube::Store<bench::ValkeyCluster>;

/// Says when it has all that there is, and how fast changes come from then on.
class Measured final : public Clusters {
 public:
  Measured() {
    on_change([this](auto const& change) {
      if (change.origin == kube::Origin::Watch) count();
    });
  }

  void replace_finished(std::string_view resource_version) override {
    Clusters::replace_finished(resource_version);
    fmt::print("{{\"event\":\"synced\",\"objects\":{}}}\n", size());
    (void)std::fflush(stdout);
  }

 private:
  void count() {
    auto const now = std::chrono::steady_clock::now();
    if (events_++ == 0) first_ = now;
    if (events_ % 1000 != 0) return;
    std::chrono::duration<double> const seconds = now - first_;
    fmt::print("{{\"event\":\"seen\",\"events\":{},\"seconds\":{:.6f}}}\n", events_,
               seconds.count());
    (void)std::fflush(stdout);
  }

  std::size_t events_ = 0;
  std::chrono::steady_clock::time_point first_;
};

Task<> until_input_ends() {
  asio::posix::stream_descriptor input{co_await asio::this_coro::executor, ::dup(STDIN_FILENO)};
  std::array<char, 64> ignored{};
  boost::system::error_code failure;
  while (!failure)
    co_await input.async_read_some(asio::buffer(ignored),
                                   asio::redirect_error(asio::use_awaitable, failure));
  co_return cancelled();
}

Task<> measure() {
  auto const environment = current_environment();
  CO_TRY(auto config, kube::discover({}, environment));
  CO_TRY(auto const session, kube::Session::create(std::move(config), {.user_agent = "bench"},
                                                   system_clock(), environment));
  kube::Client client{*session, "bench"};
  Measured clusters;
  kube::Watcher watcher{client, system_clock(), bench::valkey_cluster, {}, clusters};
  co_return co_await together([&](TaskGroup& group) {
    group.spawn(until_input_ends());
    group.spawn(watcher.run());
  });
}

}  // namespace

int main() try {
  auto const ended = run(measure());
  if (ended || ended.error().fault == Fault::Cancelled) return 0;
  fmt::print(stderr, "{}\n", ended.error().message);
  return 1;
} catch (std::exception const& unexpected) {
  (void)std::fputs(unexpected.what(), stderr);
  return 1;
}
