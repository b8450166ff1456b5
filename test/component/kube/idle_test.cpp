#include "common/kube/events.hpp"
#include "common/kube/kinds.hpp"
#include "common/kube/leader.hpp"
#include "common/kube/store.hpp"
#include "common/kube/watcher.hpp"
#include "common/process_usage.hpp"
#include "common/random.hpp"
#include "operator/controller/cache_view.hpp"
#include "operator/controller/controller.hpp"
#include "test/component/kube/reached.hpp"
#include "test/support/control_plane.hpp"
#include "test/support/present.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/core.h>
#include <fmt/ranges.h>

namespace {

using namespace std::chrono_literals;
namespace kinds = kube::kinds;

constexpr double mebibyte = 1024 * 1024;

struct Named {
  kube::Metadata metadata;
};
BOOST_DESCRIBE_STRUCT(Named, (), (metadata))

/// What it asked for, and what it cost, since it began.
struct Spent {
  std::map<std::string, int> requests;
  double memory = 0;  ///< bytes, resident
  double cpu_seconds = 0;

  static Spent by(std::string const& user_agent) {
    auto const usage = process_usage();
    return {.requests = ControlPlane::requests(user_agent),
            .memory = present(usage.resident_bytes),
            .cpu_seconds = present(usage.cpu_seconds)};
  }

  Spent since(Spent const& before) const {
    auto spent = *this;
    for (auto const& [what, count] : before.requests) spent.requests[what] -= count;
    std::erase_if(spent.requests, [](auto const& counted) { return counted.second == 0; });
    spent.memory -= before.memory;
    spent.cpu_seconds -= before.cpu_seconds;
    return spent;
  }
};

/// All that an operator runs, about the objects of one namespace and with nothing to do.
class Operator {
 public:
  Operator(ApiServer const& server, std::string space)
      : space_{std::move(space)}, session_{connected(server)}, lease_session_{connected(server)} {
    maps_.on_change([this](kube::Change<Named> const& change) {
      controller_.add(change.ref, controller::Priority::Normal);
    });
  }

  /// Ends when `work` does.
  Task<> run(Task<> work) {
    kube::Selection const all{.namespace_name = space_, .labels = {}, .fields = {}};
    kube::Selection const some{.namespace_name = space_, .labels = "app=idle", .fields = {}};
    kube::Watcher pods{client_, system_clock(), kinds::pod, some, pods_};
    kube::Watcher sets{client_, system_clock(), kinds::stateful_set, some, sets_};
    kube::Watcher maps{client_, system_clock(), kinds::config_map, all, maps_};
    auto const ends_all = [](Task<> task, Result<>& outcome) -> Task<> {
      outcome = co_await guarded(std::move(task));
      co_return cancelled();
    };
    Result<> outcome;
    (void)co_await together([&](TaskGroup& group) {
      group.spawn(pods.run());
      group.spawn(sets.run());
      group.spawn(maps.run());
      group.spawn(events_.run());
      group.spawn(leader_->lead([this] { return controller_.run(); }));
      group.spawn(ends_all(std::move(work), outcome));
    });
    co_return outcome;
  }

  /// Whether it has done all that there is to do at the start: the last is to tell that it leads.
  bool is_settled() const {
    return pods_.size() == 1 && sets_.size() == 1 && maps_.size() == 2 && reconciled_ == 2 &&
           ControlPlane::requests(user_agent_).contains("create events.events.k8s.io");
  }

  bool leads() const { return leader_->leads(); }
  std::size_t reconciled() const { return reconciled_; }
  Spent spent() const { return Spent::by(user_agent_); }

 private:
  std::unique_ptr<kube::Session> connected(ApiServer const& server) const {
    return kube::Session::create(config_for(server), {.user_agent = user_agent_}, system_clock(),
                                 {})
        .value();
  }

  Task<controller::Requeue> reconcile() {
    ++reconciled_;
    co_return controller::Requeue{};
  }

  std::vector<kube::ObjectRef> all_maps() const {
    std::vector<kube::ObjectRef> refs;
    maps_.for_each([&](Named const& map) { refs.push_back(kube::ref_of(map.metadata)); });
    return refs;
  }

  std::string space_;
  std::string user_agent_ = "idle-operator-" + random_uuid();
  std::unique_ptr<kube::Session> session_;
  std::unique_ptr<kube::Session> lease_session_;
  kube::Client client_{*session_, user_agent_};
  kube::Client lease_client_{*lease_session_, user_agent_};
  kube::EventRecorder events_{
      client_, system_clock(), {.controller = "idle", .instance = user_agent_}};
  std::unique_ptr<kube::Leader> leader_ =
      kube::Leader::create(
          lease_client_, system_clock(),
          {.lease = {space_, "operator"}, .identity = user_agent_, .events = &events_})
          .value();
  kube::Store<Named> pods_;
  kube::Store<Named> sets_;
  kube::Store<Named> maps_;
  std::size_t reconciled_ = 0;
  controller::Controller controller_{
      {.name = "idle"},
      {.all = [this] { return all_maps(); },
       .contain = [this](kube::ObjectRef const& ref) { return maps_.get(ref).has_value(); }},
      {controller::view_of("pods", pods_), controller::view_of("statefulsets", sets_),
       controller::view_of("configmaps", maps_)},
      [this](kube::ObjectRef const&) { return reconcile(); },
      system_clock()};
};

/// Two config maps, a pod and a stateful set.
void populate(std::string const& space) {
  ControlPlane::kubectl({"create", "--filename=-", "--namespace", space}, R"(
{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
---
apiVersion: v1
kind: Pod
metadata: {name: a, labels: {app: idle}}
spec: {containers: [{name: x, image: x}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: a, labels: {app: idle}}
spec:
  serviceName: x
  selector: {matchLabels: {app: x}}
  template:
    metadata: {labels: {app: x}}
    spec: {containers: [{name: x, image: x}]}
)");
}

Task<> pause(Clock::Duration time) {
  return system_clock().until(later(system_clock().now(), time));
}

Task<> idle_for(Clock::Duration time, Operator& idle, Spent& spent) {
  while (!idle.is_settled()) CO_TRY(co_await pause(100ms));
  auto const before = idle.spent();
  CO_TRY(co_await pause(time));
  CHECK(idle.leads());
  CHECK(idle.reconciled() == 2);
  spent = idle.spent().since(before);
  co_return ok;
}

Task<> idle_for(Clock::Duration time, ApiServer const& server, std::string space, Spent& spent) {
  Operator idle{server, std::move(space)};
  co_return co_await idle.run(idle_for(time, idle, spent));
}

/// Lets an operator idle, and tells what that took after it had settled.
Spent spent_idling_for(std::chrono::seconds time) {
  ControlPlane const plane;
  Namespace const space;
  populate(space.name());
  Spent spent;
  REQUIRE(run(within(time + 1min, idle_for(time, plane.api_server(), space.name(), spent))));
  return spent;
}

/// The watches end each after 5 to 10 min, and the lease is renewed each 2 s and what that takes.
void check_that_nothing_else_was_asked(std::map<std::string, int> requests,
                                       std::chrono::seconds time) {
  INFO(fmt::format("{}", requests));
  for (auto const* const resource : {"pods", "statefulsets.apps", "configmaps"}) {
    CAPTURE(resource);
    auto const watches = requests[fmt::format("watch {}", resource)];
    CHECK(watches >= time / 10min);
    CHECK(watches <= time / 5min);
    requests.erase(fmt::format("watch {}", resource));
  }
  auto const renewals = requests["patch leases.coordination.k8s.io"];
  CHECK(renewals >= time * 3 / 4 / 2s);
  CHECK(renewals <= time / 2s + 1);
  requests.erase("patch leases.coordination.k8s.io");
  CHECK(fmt::format("{}", requests) == "{}");
}

}  // namespace

SCENARIO("an idle operator asks for nothing but to keep its lease") {
  auto const time = 30s;
  check_that_nothing_else_was_asked(spent_idling_for(time).requests, time);
}

SCENARIO("an operator that idles for long only watches on, and does not grow", "[.nightly]") {
  auto const time = 30min;
  auto const spent = spent_idling_for(time);
  INFO(fmt::format("{:.2f} MiB more, {:.2f} s of CPU", spent.memory / mebibyte, spent.cpu_seconds));
  check_that_nothing_else_was_asked(spent.requests, time);
  CHECK(spent.memory < 2 * mebibyte);
  CHECK(spent.cpu_seconds < 18);  // a hundredth
}
