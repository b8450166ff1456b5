#include "operator/cluster/places.hpp"

#include "operator/cluster/desired/stateful_set.hpp"
#include "test/support/clusters.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

namespace kinds = kube::kinds;
using cluster::Child;
using cluster::Children;
using cluster::Pod;
using Sizes = std::map<int, int>;

Child set(std::string const& name, json::object spec, std::string owner) {
  Child made;
  made.metadata.name = name;
  made.metadata.uid = "uid-of-" + name;
  made.spec = std::move(spec);
  made.metadata.owner_references.emplace_back();
  made.metadata.owner_references.back().uid = std::move(owner);
  made.metadata.owner_references.back().controller = true;
  return made;
}

struct Seen {
  crd::ValkeyCluster cluster = a_cluster(R"({"shards": 2, "replicasPerShard": 1})");
  Children children;
  cluster::Pods pods;

  void add_set(std::string const& name, json::object spec, std::string const& owner = "") {
    children[{kinds::stateful_set.plural, name}] =
        set(name, std::move(spec), owner.empty() ? cluster.metadata.uid : owner);
  }

  Pod& add_pod(std::string const& name, std::string const& set_uid) {
    auto& pod = pods[name];
    pod.metadata.name = name;
    pod.metadata.owner_references.emplace_back();
    pod.metadata.owner_references.back().uid = set_uid;
    pod.metadata.owner_references.back().controller = true;
    pod.status.pod_IP = "10.0.0.7";
    return pod;
  }

  Sizes sizes(bool is_wanted = true) const {
    return cluster::shard_sizes(cluster, children, is_wanted);
  }

  cluster::PodPlace first() const {
    return cluster::places(crd::Names{cluster.metadata}, {{0, 1}}, children, pods).front();
  }
};

}  // namespace

SCENARIO("there should be the pods that the spec wants, and those that StatefulSets still have") {
  Seen seen;
  CHECK(seen.sizes() == Sizes{{0, 2}, {1, 2}});
  seen.add_set("cache-1", {{"replicas", 4}});
  seen.add_set("cache-5", {{"replicas", 1}});
  seen.add_set("cache-7", {});
  CHECK(seen.sizes() == Sizes{{0, 2}, {1, 4}, {5, 1}, {7, 1}});
}

SCENARIO("[H53] of a spec that can't be, nothing is wanted") {
  Seen seen;
  seen.cluster.spec.shards = 2000000000;
  seen.add_set("cache-0", {{"replicas", 2}});
  CHECK(seen.sizes(false) == Sizes{{0, 2}});
}

SCENARIO("what others call alike is not counted, and no number is believed blindly") {
  Seen seen;
  seen.add_set("cache-0", {{"replicas", 1000000}});
  seen.add_set("cache-1", {{"replicas", "two"}});
  seen.add_set("cache-2", {{"replicas", 3}}, "another");
  seen.add_set("cache-x", {{"replicas", 3}});
  seen.add_set("cache--1", {{"replicas", 3}});
  seen.add_set("other-3", {{"replicas", 3}});
  CHECK(seen.sizes() == Sizes{{0, 500}, {1, 2}});
}

SCENARIO("a pod is told as Kubernetes sees it") {
  Seen seen;
  seen.add_set("cache-0", {{"replicas", 1}});
  CHECK(seen.first().trouble == "is not made yet");
  auto& pod = seen.add_pod("cache-0-0", "uid-of-cache-0");
  pod.metadata.annotations[std::string{cluster::desired::revision_annotation}] = "abc";
  auto place = seen.first();
  CHECK(place.ip == "10.0.0.7");
  CHECK(place.revision == "abc");
  CHECK(place.trouble == "is not started");
  CHECK_FALSE(place.has_tls);
  CHECK_FALSE(place.is_leaving);
  CHECK_FALSE(place.is_ready);

  pod.metadata.annotations[std::string{cluster::desired::tls_annotation}] = "true";
  pod.metadata.deletion_timestamp = "2026-01-02T03:04:05Z";
  pod.status.conditions = {{.type = "Ready", .status = "True", .reason = {}, .message = {}}};
  place = seen.first();
  CHECK(place.has_tls);
  CHECK(place.is_leaving);
  CHECK(place.is_ready);
  CHECK(place.trouble.empty());

  pod.status.phase = "Failed";
  CHECK(seen.first().ip.empty());
}

SCENARIO("[H12] a pod without node and volume holds nothing, and only such a one") {
  Seen seen;
  seen.add_set("cache-0", {{"replicas", 1}});
  CHECK_FALSE(seen.first().holds_nothing);
  auto& pod = seen.add_pod("cache-0-0", "uid-of-cache-0");
  CHECK_FALSE(seen.first().holds_nothing);
  pod.status.conditions = {
      {.type = "PodScheduled", .status = "False", .reason = "Unschedulable", .message = {}}};
  CHECK(seen.first().holds_nothing);
  auto& claim = seen.children[{kinds::persistent_volume_claim.plural, "data-cache-0-0"}];
  claim.spec = json::object{{"storageClassName", "standard"}};
  CHECK(seen.first().holds_nothing);
  pod.status.conditions[0].message = "pod has unbound immediate PersistentVolumeClaims";
  CHECK(seen.first().trouble.ends_with("Claims; its volume is to be of StorageClass standard"));
  claim.spec = json::object{{"volumeName", "pv-7"}};
  CHECK_FALSE(seen.first().holds_nothing);
}

SCENARIO("[H14] a pod of an earlier cluster of the name is none of ours") {
  Seen seen;
  auto const* const waits = "waits for an earlier pod of this name to end";
  seen.add_pod("cache-0-0", "uid-of-earlier");
  CHECK(seen.first().trouble == waits);
  seen.add_set("cache-0", {{"replicas", 1}});
  CHECK(seen.first().trouble == waits);
  CHECK(seen.first().ip.empty());
}
