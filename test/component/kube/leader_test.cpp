#include "common/kube/leader.hpp"

#include "common/kube/kinds.hpp"
#include "test/component/kube/reached.hpp"
#include "test/support/control_plane.hpp"
#include "test/support/waiting.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;
using kube::Leader;

/// A program that wants to lead, with a client of its own.
struct Candidate {
  std::string name;
  std::unique_ptr<kube::Session> session;
  std::unique_ptr<kube::Client> client;
  std::unique_ptr<Leader> leader;
  bool works = false;

  Candidate(ApiServer const& server, std::string identity, kube::ObjectRef lease,
            kube::ElectionTiming timing = {})
      : name{std::move(identity)},
        session{kube::Session::create(config_for(server), {.user_agent = "component-tests"},
                                      system_clock(), {})
                    .value()},
        client{std::make_unique<kube::Client>(*session, name)},
        leader{Leader::create(*client, system_clock(),
                              {.lease = std::move(lease), .identity = name, .timing = timing})
                   .value()} {}

  Task<> lead(Notice& turns) {
    return leader->lead([this, &turns] { return work(turns); });
  }
  Task<> work(Notice& turns) {
    works = true;
    turns.give();
    auto const outcome = co_await guarded(forever());
    works = false;
    turns.give();
    co_return outcome;
  }
};

/// Waits until `happened`, which somebody gives notice of.
Task<> until(Notice& turns, std::function<bool()> happened) {
  while (true) {
    auto const seen = turns.given();
    if (happened()) co_return ok;
    CO_TRY(co_await turns.after(seen));
  }
}

Task<> told_to_stop_after(Clock::Duration time, Candidate& candidate, Notice& turns) {
  auto const outcome = co_await within(time, candidate.lead(turns));
  CHECK(outcome.error().fault == Fault::Transient);  // it was still at work
  co_return ok;
}

Task<> lead_after(Candidate& before, Candidate& candidate, Notice& turns) {
  CO_TRY(co_await until(turns, [&] { return before.works; }));
  co_return co_await candidate.lead(turns);
}

/// Ends as Cancelled when the second leads, and says how long nobody did.
Task<> handed_over(Candidate& first, Candidate& second, Notice& turns, Clock::Duration& gap) {
  CO_TRY(co_await until(turns, [&] { return first.works; }));
  CHECK_FALSE(second.works);
  CO_TRY(co_await until(turns, [&] { return !first.works; }));
  auto const stopped = system_clock().now();
  CHECK_FALSE(second.works);
  CHECK_FALSE(second.leader->leads());
  CO_TRY(co_await until(turns, [&] { return second.works; }));
  CHECK_FALSE(first.leader->leads());
  CHECK_FALSE(first.leader->gate());
  gap = system_clock().now() - stopped;
  co_return cancelled();
}

Task<> one_after_the_other(ApiServer const& server, kube::ObjectRef lease) {
  Candidate one{server, "one", lease};
  Candidate two{server, "two", lease, {.retry_period = 500ms}};
  Notice turns;
  Clock::Duration gap = 1h;
  (void)co_await together([&](TaskGroup& group) {
    group.spawn(handed_over(one, two, turns, gap));
    group.spawn(told_to_stop_after(5s, one, turns));
    group.spawn(lead_after(one, two, turns));
  });
  CHECK(gap < 10s);  // where the lease would have lasted for 15 s
  co_return ok;
}

/// Leads for as long as `work` takes.
Task<> lead(ApiServer const& server, kube::ObjectRef lease, std::function<Task<>()> work) {
  Candidate const one{server, "one", std::move(lease)};
  co_return co_await one.leader->lead(std::move(work));
}

Task<> delete_and_wait(kube::ObjectRef lease) {
  CHECK(ControlPlane::lease_holder(lease.namespace_name, lease.name) == "one");
  ControlPlane::kubectl({"delete", "lease", lease.name, "--namespace", lease.namespace_name});
  co_return co_await forever();
}

/// Ends as Cancelled once it has led, as a process does that is told to stop.
Task<> lead_and_tell(kube::Client& client, std::string space) {
  kube::EventRecorder events{client, system_clock(), {.controller = "c", .instance = "i"}};
  CO_TRY(auto const leader,
         Leader::create(
             client, system_clock(),
             {.lease = {std::move(space), "operator"}, .identity = "one", .events = &events}));
  co_return co_await together([&](TaskGroup& group) {
    group.spawn(events.run());
    group.spawn(leader->lead([]() -> Task<> { co_return cancelled(); }));
  });
}

}  // namespace

SCENARIO("of two only one leads, and when it is told to stop the other does at once") {
  ControlPlane const plane;
  Namespace const space;
  kube::ObjectRef const lease{space.name(), "operator"};
  CHECK(run(within(1min, one_after_the_other(plane.api_server(), lease))));
  CHECK(ControlPlane::lease_holder(lease.namespace_name, lease.name)
            .empty());  // the second has given it up too
}

SCENARIO("what others say in a lease is still there after an election") {
  ControlPlane const plane;
  Namespace const space;
  kube::ObjectRef const lease{space.name(), "operator"};
  ControlPlane::kubectl({"create", "--filename=-", "--namespace", space.name()},
                        R"({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
      "metadata": {"name": "operator", "labels": {"app": "x"}}, "spec": {"leaseTransitions": 4}})");
  CHECK(run(within(30s, lead(plane.api_server(), lease, [] { return one_turn(); }))));
  std::string const columns =
      "{.metadata.labels.app} {.spec.leaseTransitions} {.spec.leaseDurationSeconds}";
  CHECK(ControlPlane::kubectl({"get", "lease", "operator", "--namespace", space.name(),
                               "--output=jsonpath=" + columns}) == "x 5 1");
}

SCENARIO("who finds that its lease was deleted ends") {
  ControlPlane const plane;
  Namespace const space;
  kube::ObjectRef const lease{space.name(), "operator"};
  auto const outcome =
      run(within(30s, lead(plane.api_server(), lease, [&] { return delete_and_wait(lease); })));
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().fault == Fault::Permanent);
  CHECK(outcome.error().message == "lost the lease " + lease.text() + ": nobody holds it");
}

SCENARIO("people are told who leads") {
  ControlPlane const plane;
  Namespace const space;
  CHECK(ask(plane.api_server(),
            [&](kube::Client& client) { return lead_and_tell(client, space.name()); })
            .error()
            .fault == Fault::Cancelled);
  std::string const columns = "R:.reason,A:.action,O:.regarding.name,N:.note";
  auto const seen = ControlPlane::kubectl({"get", "events.events.k8s.io", "--namespace",
                                           space.name(), "--no-headers", "--sort-by=.eventTime",
                                           "--output=custom-columns=" + columns});
  CHECK(seen ==
        "LeaderElection   Acquire   operator   one became leader\n"
        "LeaderElection   Release   operator   one stopped leading\n");
}
