#include "webhook/run.hpp"

#include "common/async/grace.hpp"
#include "common/async/signals.hpp"
#include "common/async/task_group.hpp"
#include "common/logging.hpp"
#include "common/memory.hpp"
#include "webhook/server.hpp"

namespace {

using namespace std::chrono_literals;
using webhook::Server;
using webhook::Settings;

/// An API server may still send to us, by connections that it has and by ones that it makes before
/// it is known that we leave: both are answered. Then clients are sent elsewhere, one by one.
Task<> serve_to_the_end(Server& server, bool& is_leaving, Clock::Duration delay) {
  auto const half = delay / 2;
  auto last = with_grace(
      system_clock(), half,
      [&server] {
        server.part();
        logging::info("clients are sent elsewhere");
      },
      server.serve());
  co_return co_await with_grace(
      system_clock(), half,
      [&is_leaving] {
        is_leaving = true;
        logging::info("told to stop");
      },
      std::move(last));
}

Task<> until_told_to_stop(StopSignals& signals, Server& server, bool& is_leaving,
                          Clock::Duration delay) {
  return together([&signals, &server, &is_leaving, delay](TaskGroup& group) {
    group.spawn(signals.received());
    group.spawn(serve_to_the_end(server, is_leaving, delay));
  });
}

/// For whoever has to notice that a certificate is not renewed.
Task<> tell_expiry(std::string file) {
  constexpr std::size_t longest = std::size_t{1} << 20;
  while (true) {
    if (auto text = read_file(file, longest); text)
      if (auto const when = net::expiry(Secret{*std::move(text)}); when)
        metrics::certificate_ends(*when);
    CO_TRY(co_await system_clock().until(later(system_clock().now(), 10s)));
  }
}

Task<> keep_memory_small() {
  while (true) {
    CO_TRY(co_await system_clock().until(later(system_clock().now(), 60s)));
    give_back_memory();
  }
}

}  // namespace

Task<> run(Settings const& settings) {
  auto const executor = co_await asio::this_coro::executor;
  StopSignals signals{executor};
  auto rules = webhook::LiveRules::create(settings.modes_file, settings.operator_user);
  if (!rules) co_return Failure{std::move(rules).error().during("--policy-modes")};
  webhook::Service const service{**rules};
  Server server{settings, service};
  CO_TRY(server.tls());  // so that what can't be used is said once, and not by each thread
  CO_TRY(auto monitoring, Monitoring::listen(executor, settings.monitoring));

  bool is_leaving = false;
  net::Health health;
  health.add_readiness("listening", [&server] { return server.check(); });
  health.add_readiness("staying", [&is_leaving]() -> Result<> {
    return is_leaving ? Result<>{transient("told to stop")} : ok;
  });
  co_return co_await together([&](TaskGroup& group) {
    group.spawn(until_told_to_stop(signals, server, is_leaving, settings.shutdown_delay));
    group.spawn(monitoring.serve(health));  // to the end: probes are told that it leaves
    group.spawn((*rules)->follow(system_clock()));
    group.spawn(tell_expiry(settings.certificates + "/tls.crt"));
    group.spawn(keep_memory_small());
  });
}
