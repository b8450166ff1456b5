#include "common/crd/definitions.hpp"

#include "common/crd/valkey_cluster.hpp"
#include "common/crd/valkey_upgrade.hpp"
#include "common/kube/kinds.hpp"
#include "test/component/kube/reached.hpp"
#include "test/support/cluster_samples.hpp"
#include "test/support/control_plane.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fmt/core.h>

namespace {

/// An API server that knows our kinds, and a namespace on it.
struct World {
  World() {
    for (auto const& definition :
         {crd::valkey_cluster_definition(), crd::valkey_upgrade_definition()})
      ControlPlane::kubectl({"apply", "--server-side", "--filename=-"},
                            json::serialize(definition));
    ControlPlane::kubectl({"wait", "--for=condition=Established", "--timeout=30s",
                           "crd/valkeyclusters.valkey-operator.dev",
                           "crd/valkeyupgrades.valkey-operator.dev"});
  }

  Result<> ask(ClientWork work) const { return ::ask(control_plane.api_server(), std::move(work)); }

  Task<json::value> create(kube::Client& client, std::string name, std::string_view spec) const {
    kube::ObjectRef const ref{space.name(), std::move(name)};
    co_return co_await client.create(crd::valkey_cluster, ref, cluster(ref, json::parse(spec)));
  }

  static json::object cluster(kube::ObjectRef const& ref, json::value spec) {
    return {{"apiVersion", kube::api_version(crd::valkey_cluster)},
            {"kind", crd::valkey_cluster.kind},
            {"metadata", {{"name", ref.name}}},
            {"spec", std::move(spec)}};
  }

  ControlPlane control_plane;
  Namespace space;
};

/// "spec.users[0].name" is "spec.users": what both call alike.
std::string stem(std::string const& field) { return field.substr(0, field.find('[')); }

template <class T>
void check(Result<T> const& outcome, std::vector<std::string> const& fields) {
  CHECK(outcome.has_value() == fields.empty());
  if (outcome) return;
  INFO(outcome.error().message);
  CHECK(outcome.error().fault == Fault::Invalid);
  for (auto const& field : fields) CHECK(outcome.error().message.contains(stem(field)));
}

}  // namespace

SCENARIO("an API server refuses what we would refuse, and nothing else") {
  World const world;
  CHECK(world.ask([&](kube::Client& client) -> Task<> {
    int count = 0;
    for (auto const& sample : cluster_samples()) {
      INFO(sample.spec);
      check(co_await world.create(client, fmt::format("a{}", ++count), sample.spec), sample.fields);
    }
    co_return ok;
  }));
}

SCENARIO("an API server refuses the changes that we would refuse, and no other") {
  World const world;
  CHECK(world.ask([&](kube::Client& client) -> Task<> {
    int count = 0;
    for (auto const& change : cluster_changes()) {
      INFO(change.before << " -> " << change.after);
      kube::ObjectRef const ref{world.space.name(), fmt::format("a{}", ++count)};
      CO_TRY(co_await world.create(client, ref.name, change.before));
      json::object const patch{{"spec", json::parse(change.after)}};
      check(co_await client.merge_patch(crd::valkey_cluster, ref, patch), change.fields);
    }
    co_return ok;
  }));
}

SCENARIO("an API server fills in the defaults that we would") {
  World const world;
  CHECK(world.ask([&](kube::Client& client) -> Task<> {
    int count = 0;
    for (auto const* const spec :
         {"{}", R"({"resources": {"limits": {"memory": "1Gi"}}})",
          R"({"metrics": {"enabled": true}})",
          R"({"persistence": {"aof": {}}, "tls": {"duration": "9000h"}})"}) {
      INFO(spec);
      CO_TRY(auto const stored, co_await world.create(client, fmt::format("a{}", ++count), spec));
      auto const filled = mapping::decode<crd::ValkeyCluster>(stored);
      auto const ours = mapping::decode<crd::ValkeyClusterSpec>(json::parse(spec));
      REQUIRE(filled);
      CHECK(filled->spec == ours.value());
      CHECK(mapping::encode(filled->spec) == mapping::encode(ours.value()));
    }
    co_return ok;
  }));
}

SCENARIO("a cluster is scaled and shown as its users expect") {
  World const world;
  auto const in_space = "--namespace=" + world.space.name();
  CHECK(world.ask([&](kube::Client& client) -> Task<> {
    CO_TRY(co_await world.create(client, "cache", "{}"));
    kube::ObjectRef const ref{world.space.name(), "cache"};
    json::object const status{{"status",
                               {{"phase", "Running"},
                                {"readyShards", "3/3"},
                                {"slots", "16384/16384"},
                                {"replicas", 3}}}};
    CO_TRY(co_await client.merge_patch(crd::valkey_cluster, ref, status, "status"));
    co_return ok;
  }));
  ControlPlane::kubectl({"scale", "vkc/cache", "--replicas=5", in_space});
  auto const shown = ControlPlane::kubectl({"get", "vkc", in_space, "--no-headers"});
  INFO(shown);
  CHECK(shown.starts_with("cache   Running   5     3/3   16384/16384"));
  CHECK(ControlPlane::kubectl({"get", "valkey", in_space, "--output=name"}) ==
        "valkeycluster.valkey-operator.dev/cache\n");
}

SCENARIO("an upgrade's cluster can't be changed") {
  World const world;
  CHECK(world.ask([&](kube::Client& client) -> Task<> {
    kube::ObjectRef const ref{world.space.name(), "up"};
    json::object const upgrade{
        {"apiVersion", kube::api_version(crd::valkey_upgrade)},
        {"kind", crd::valkey_upgrade.kind},
        {"metadata", {{"name", ref.name}}},
        {"spec", {{"clusterRef", {{"name", "cache"}}}, {"image", {{"tag", "9.1.3"}}}}}};
    CO_TRY(co_await client.create(crd::valkey_upgrade, ref, upgrade));
    json::object const other{{"spec", {{"clusterRef", {{"name", "other"}}}}}};
    check(co_await client.merge_patch(crd::valkey_upgrade, ref, other), {"spec"});
    co_return ok;
  }));
}
