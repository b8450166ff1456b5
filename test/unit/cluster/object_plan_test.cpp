#include "operator/cluster/object_plan.hpp"

#include "test/support/clusters.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fmt/core.h>

namespace {

namespace kinds = kube::kinds;
using cluster::Apply;
using cluster::Child;
using cluster::ChildKey;
using cluster::ObjectPlan;
using cluster::Trouble;

/// Objects as an API server would have made them of what is wanted.
struct Objects {
  explicit Objects(std::string_view spec = "{}") : cluster{a_cluster(spec)} {}

  crd::ValkeyCluster cluster;
  cluster::Children children;
  std::map<ChildKey, cluster::Applied> applied;
  bool config_may_change = true;

  ObjectPlan plan() const {
    auto const wanted = cluster::wanted_objects(cluster);
    return cluster::plan_objects({.cluster = cluster,
                                  .wanted = wanted,
                                  .children = children,
                                  .applied = applied,
                                  .config_may_change = config_may_change});
  }

  void take(Apply const& apply) {
    auto child = mapping::decode<Child>(apply.whole).value();
    child.metadata.uid = fmt::format("uid-of-{}", apply.ref.name);
    child.metadata.resource_version = "1";
    children.insert_or_assign({apply.kind.plural, apply.ref.name}, std::move(child));
  }

  Objects& made() {
    auto const wanted = plan();
    for (auto const& apply : wanted.basics) take(apply);
    for (auto const& apply : wanted.sets) take(apply);
    return *this;
  }

  Child& child(kube::Resource const& kind, std::string const& name) {
    return children.at({kind.plural, name});
  }

  /// A claim of cache-0-0, of that size.
  Child& claim(std::string const& size) {
    Child made;
    made.metadata.name = "data-cache-0-0";
    made.metadata.namespace_ = "demo";
    made.metadata.resource_version = "9";
    made.spec = json::object{{"resources", {{"requests", {{"storage", size}}}}}};
    return children[{kinds::persistent_volume_claim.plural, made.metadata.name}] = made;
  }
};

std::vector<std::string> names(std::vector<Apply> const& all) {
  std::vector<std::string> found;
  found.reserve(all.size());
  for (auto const& one : all) found.push_back(std::string{one.kind.kind} + " " + one.ref.name);
  return found;
}

bool is_empty(ObjectPlan const& plan) {
  return plan.basics.empty() && plan.sets.empty() && plan.removals.empty() && plan.patches.empty();
}

bool replicas_are(Apply const& set, int count) {
  return set.whole.at("spec").at("replicas") == count;
}

}  // namespace

SCENARIO("a new cluster's objects are all made, and StatefulSets after what their pods need") {
  auto const plan = Objects{}.plan();
  CHECK(names(plan.basics) ==
        std::vector<std::string>{"ConfigMap cache-config", "Service cache-nodes", "Service cache",
                                 "NetworkPolicy cache-bus", "PodDisruptionBudget cache-0",
                                 "PodDisruptionBudget cache-1", "PodDisruptionBudget cache-2"});
  CHECK(names(plan.sets) == std::vector<std::string>{"StatefulSet cache-0", "StatefulSet cache-1",
                                                     "StatefulSet cache-2"});
  for (auto const& apply : plan.sets) CHECK(apply.uid.empty());
  CHECK(plan.removals.empty());
  CHECK(plan.patches.empty());
}

SCENARIO("[H73] objects that are as they should be are left alone") {
  CHECK(is_empty(Objects{}.made().plan()));
  Objects whole{R"({"tls": {"enabled": true, "secretName": "x"}, "persistence": {"enabled": false},
                    "services": {"read": {"enabled": true}}, "metrics": {"enabled": true}})"};
  CHECK(is_empty(whole.made().plan()));
}

SCENARIO("[H73] what the API server adds to what can't change causes no second write") {
  Objects objects;
  objects.made();
  auto& set = objects.child(kinds::stateful_set, "cache-0");
  set.spec.as_object()["volumeClaimTemplates"].as_array().at(0).as_object()["status"] =
      json::object{{"phase", "Pending"}};
  CHECK(is_empty(objects.plan()));
}

SCENARIO("what somebody has changed or deleted is put back, as the object that it is") {
  Objects objects;
  objects.made();
  objects.child(kinds::service, "cache").spec.as_object()["type"] = "NodePort";
  objects.children.erase({kinds::pod_disruption_budget.plural, "cache-1"});
  objects.child(kinds::stateful_set, "cache-0").metadata.labels.clear();
  auto const plan = objects.plan();
  CHECK(names(plan.basics) ==
        std::vector<std::string>{"Service cache", "PodDisruptionBudget cache-1"});
  CHECK(plan.basics[0].uid == "uid-of-cache");
  CHECK(plan.basics[1].uid.empty());
  CHECK(names(plan.sets) == std::vector<std::string>{"StatefulSet cache-0"});
}

SCENARIO("what an admission webhook has changed in what we applied is not applied again") {
  Objects objects;
  objects.made();
  auto& service = objects.child(kinds::service, "cache");
  service.spec.as_object()["type"] = "NodePort";
  auto const plan = objects.plan();
  REQUIRE(plan.basics.size() == 1);
  cluster::Applied const done{.digest = cluster::digest_of(plan.basics[0].whole),
                              .resource_version = "1"};
  objects.applied[{kinds::service.plural, "cache"}] = done;
  CHECK(is_empty(objects.plan()));
  service.metadata.resource_version = "2";
  CHECK(objects.plan().basics.size() == 1);
  service.metadata.resource_version = "1";
  objects.cluster.spec.services.client.annotations["a"] = "b";
  CHECK(objects.plan().basics.size() == 1);
}

SCENARIO("what is wanted no more goes, but only if it is ours") {
  Objects objects{R"({"services": {"read": {"enabled": true}}})"};
  objects.made();
  objects.cluster.spec.services.read.enabled = false;
  objects.cluster.spec.disruption.pod_disruption_budget = false;
  auto const plan = objects.plan();
  REQUIRE(plan.removals.size() == 4);
  for (auto const& removal : plan.removals) CHECK(removal.uid == "uid-of-" + removal.ref.name);
  for (auto& [key, child] : objects.children)
    for (auto& owner : child.metadata.owner_references) owner.uid = "other";
  CHECK(objects.plan().removals.empty());
}

SCENARIO("[H2][H4] a StatefulSet is never removed because it is wanted no more") {
  Objects objects;
  objects.made();
  objects.cluster.spec.shards = 1;
  auto const plan = objects.plan();
  CHECK(std::ranges::none_of(plan.removals, [](cluster::Remove const& removal) {
    return removal.kind == kinds::stateful_set;
  }));
}

SCENARIO("[H1] a StatefulSet never gets fewer pods while we know nothing of them") {
  Objects objects{R"({"replicasPerShard": 2})"};
  objects.made();
  objects.cluster.spec.replicas_per_shard = 0;
  objects.cluster.spec.image.tag = "9.1.3";
  auto const fewer = objects.plan();
  REQUIRE(fewer.sets.size() == 3);
  CHECK(replicas_are(fewer.sets[0], 3));
  objects.cluster.spec.replicas_per_shard = 4;
  CHECK(replicas_are(objects.plan().sets[0], 5));
}

SCENARIO("[H54] what a StatefulSet can't change stays, and its volumes grow") {
  Objects objects;
  objects.made();
  objects.claim("10Gi");
  CHECK(is_empty(objects.plan()));
  objects.cluster.spec.persistence.size = {"20Gi"};
  auto const plan = objects.plan();
  CHECK(plan.sets.empty());
  REQUIRE(plan.patches.size() == 1);
  CHECK(plan.patches[0].kind == kinds::persistent_volume_claim);
  CHECK(plan.patches[0].changes ==
        json::object{{"spec", {{"resources", {{"requests", {{"storage", "20Gi"}}}}}}},
                     {"metadata", {{"resourceVersion", "9"}}}});
  objects.cluster.spec.persistence.size = {"5Gi"};
  CHECK(is_empty(objects.plan()));
}

SCENARIO("volumes that are to go with the cluster are its own, and nobody's controller") {
  Objects objects{R"({"persistence": {"retain": "Delete"}})"};
  objects.made();
  auto& claim = objects.claim("10Gi");
  auto const plan = objects.plan();
  REQUIRE(plan.patches.size() == 1);
  auto const& metadata = plan.patches[0].changes.at("metadata").as_object();
  claim.metadata.owner_references =
      mapping::decode<std::vector<kube::OwnerReference>>(metadata.at("ownerReferences")).value();
  REQUIRE(claim.metadata.owner_references.size() == 1);
  CHECK(claim.metadata.owner_references[0].uid == objects.cluster.metadata.uid);
  CHECK_FALSE(claim.metadata.owner_references[0].controller);
  CHECK(is_empty(objects.plan()));

  objects.cluster.spec.persistence.retain = crd::Retain::Retain;
  auto const kept = objects.plan();
  REQUIRE(kept.patches.size() == 1);
  CHECK(kept.patches[0].changes.at("metadata").at("ownerReferences").as_array().empty());
}

SCENARIO("[H35] the file stays as it is while servers have not taken what it would say") {
  Objects objects;
  objects.made();
  objects.cluster.spec.config["maxclients"] = {"100"};
  objects.config_may_change = false;
  CHECK(is_empty(objects.plan()));
  objects.children.erase({kinds::config_map.plural, "cache-config"});
  CHECK(objects.plan().basics.size() == 1);
  objects.made();
  objects.config_may_change = true;
  CHECK(is_empty(objects.plan()));
}

SCENARIO("[H14] what an earlier cluster of the name has left is waited for, not taken") {
  Objects objects;
  objects.made();
  auto& set = objects.child(kinds::stateful_set, "cache-0");
  set.metadata.owner_references[0].uid = "earlier";
  objects.child(kinds::service, "cache").metadata.deletion_timestamp = "2026-01-02T03:04:05Z";
  auto const plan = objects.plan();
  CHECK(is_empty(plan));
  CHECK(plan.problems == std::vector<cluster::Problem>{
                             {Trouble::ObjectInTheWay, "Service demo/cache is being deleted"},
                             {Trouble::ObjectInTheWay,
                              "StatefulSet demo/cache-0 belongs to another ValkeyCluster, cache"}});
}
