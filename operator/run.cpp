#include "operator/run.hpp"

#include "common/async/signals.hpp"
#include "common/async/task_group.hpp"
#include "common/kube/access.hpp"
#include "common/kube/events.hpp"
#include "common/kube/leader.hpp"
#include "common/memory.hpp"
#include "common/version.hpp"
#include "operator/cluster/keeper.hpp"

namespace {

constexpr std::string_view program = "valkey-operator";
constexpr std::string_view event_reporter = "valkey-operator.dev/operator";

/// What may be had before any request is made; in the order in which they refer to each other.
struct Parts {
  std::unique_ptr<kube::Session> session;
  std::unique_ptr<kube::Client> client;
  std::unique_ptr<kube::EventRecorder> events;
  std::unique_ptr<kube::Session> lease_session;  ///< its own: no other request is in its way
  std::unique_ptr<kube::Client> lease_client;
  std::unique_ptr<kube::Leader> leader;  ///< none where nobody is to be elected
};

kube::ObjectRef lease_of(Settings const& settings, kube::Config const& config) {
  bool const given = !settings.lease_namespace.empty();
  return {.namespace_name = given ? settings.lease_namespace : config.namespace_name,
          .name = settings.lease_name};
}

Result<Parts> assembled(Settings const& settings, Environment const& environment, Clock& clock) {
  TRY(auto const config, kube::discover(settings.api, environment));
  TRY(auto identity, kube::new_identity());
  kube::SessionSettings const session{.user_agent = version::user_agent(program)};
  Parts parts;
  TRY(parts.session, kube::Session::create(config, session, clock, environment));
  parts.client = std::make_unique<kube::Client>(*parts.session, std::string{program});
  parts.events = std::make_unique<kube::EventRecorder>(
      *parts.client, clock,
      kube::Reporter{.controller = std::string{event_reporter}, .instance = identity});
  if (!settings.leader_elect) return parts;

  auto lease_session = session;
  lease_session.patience = Limit::zero();  // an election asks again by itself, and says why
  TRY(parts.lease_session, kube::Session::create(config, lease_session, clock, environment));
  parts.lease_client = std::make_unique<kube::Client>(*parts.lease_session, std::string{program});
  TRY(parts.leader, kube::Leader::create(*parts.lease_client, clock,
                                         {.lease = lease_of(settings, config),
                                          .identity = std::move(identity),
                                          .events = parts.events.get()}));
  return parts;
}

/// Whether anything may be written.
net::Gate gate_of(kube::Leader const* leader) {
  return [leader] { return leader ? leader->gate() : ok; };
}

/// What is led, until it is cancelled.
Task<> work(Parts const& parts, Settings const& settings, Clock& clock) {
  auto const gate = gate_of(parts.leader.get());
  kube::Client client{*parts.session, std::string{program}};
  client.guard_writes(gate);
  cluster::Keeper keeper{
      client,
      *parts.events,
      clock,
      gate,
      {.watched_namespace = settings.watched_namespace, .workers = settings.workers}};
  co_return co_await keeper.run();
}

/// For as long as the program runs.
Task<> keep_memory_small(Clock& clock) {
  constexpr auto first = std::chrono::seconds{15};  // the start is over
  constexpr auto period = std::chrono::minutes{5};
  for (Clock::Duration rest = first;; rest = period) {
    CO_TRY(co_await clock.until(later(clock.now(), rest)));
    give_back_memory();
  }
}

Task<> until_told_to_stop(StopSignals& signals, Parts const& parts, Settings const& settings,
                          Clock& clock) {
  return together([&](TaskGroup& group) {
    group.spawn(signals.received());
    auto led = [&] { return work(parts, settings, clock); };
    group.spawn(parts.leader ? parts.leader->lead(led) : led());
  });
}

}  // namespace

Task<> run(Settings const& settings, Environment const& environment) {
  auto const executor = co_await asio::this_coro::executor;
  StopSignals signals{executor};
  auto& clock = system_clock();
  CO_TRY(auto const parts, assembled(settings, environment, clock));
  CO_TRY(auto monitoring, Monitoring::listen(executor, settings.monitoring));
  net::Health health;
  if (auto const* const leader = parts.leader.get())
    health.add_liveness("leader-election", [leader] { return leader->check(); });

  kube::AccessGuard access{*parts.client, clock};
  Monitoring::Guard guard;
  if (!settings.monitoring.metrics_certificates.empty())
    guard = [&access](net::Request asked) { return access.refusal(std::move(asked)); };

  co_return co_await together([&](TaskGroup& group) {
    group.spawn(until_told_to_stop(signals, parts, settings, clock));
    group.spawn(
        monitoring.serve(health, guard));  // to the end: whoever probes is told that it goes on
    group.spawn(parts.events->run());
    group.spawn(keep_memory_small(clock));
  });
}
