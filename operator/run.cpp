#include "operator/run.hpp"

#include "common/async/notice.hpp"
#include "common/async/signals.hpp"
#include "common/async/task_group.hpp"
#include "common/kube/access.hpp"
#include "common/kube/events.hpp"
#include "common/kube/leader.hpp"
#include "common/version.hpp"

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

  TRY(parts.lease_session, kube::Session::create(config, session, clock, environment));
  parts.lease_client = std::make_unique<kube::Client>(*parts.lease_session, std::string{program});
  TRY(parts.leader, kube::Leader::create(*parts.lease_client, clock,
                                         {.lease = lease_of(settings, config),
                                          .identity = std::move(identity),
                                          .events = parts.events.get()}));
  return parts;
}

/// What is led, until it is cancelled.
Task<> work() {
  Notice never;
  co_return co_await never.after(never.given());
}

/// The signals first: to PID 1 they are lost until someone listens.
Task<> until_told_to_stop(kube::Leader* leader) {
  return together([leader](TaskGroup& group) {
    group.spawn(until_signalled());
    group.spawn(leader ? leader->lead(work) : work());
  });
}

}  // namespace

Task<> run(Settings const& settings, Environment const& environment) {
  auto& clock = system_clock();
  CO_TRY(auto const parts, assembled(settings, environment, clock));
  CO_TRY(auto monitoring,
         Monitoring::listen(co_await asio::this_coro::executor, settings.monitoring));
  net::Health health;
  if (auto const* const leader = parts.leader.get())
    health.add_liveness("leader-election", [leader] { return leader->check(); });

  kube::AccessGuard access{*parts.client, clock};
  Monitoring::Guard guard;
  if (!settings.monitoring.metrics_certificates.empty())
    guard = [&access](net::Request asked) { return access.refusal(std::move(asked)); };

  co_return co_await together([&](TaskGroup& group) {
    group.spawn(until_told_to_stop(parts.leader.get()));
    group.spawn(
        monitoring.serve(health, guard));  // to the end: whoever probes is told that it goes on
    group.spawn(parts.events->run());
  });
}
