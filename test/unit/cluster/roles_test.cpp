#include "operator/cluster/roles.hpp"

#include "common/crd/labels.hpp"
#include "test/support/settled.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

struct Labelled : Settled {
  cluster::Pods pods;

  Labelled() {
    cluster.spec.services.read.enabled = true;
    for (auto const& place : places) {
      auto& pod = pods[place.place.pod_name];
      pod.metadata.name = place.place.pod_name;
      pod.metadata.namespace_ = "demo";
      pod.metadata.resource_version = "7";
    }
  }

  std::string role(std::string const& pod) const {
    auto const& labels = pods.at(pod).metadata.labels;
    auto const found = labels.find(std::string{crd::labels::role});
    return found == labels.end() ? "" : found->second;
  }

  /// How many pods it takes to change.
  std::size_t apply() {
    auto const patches = cluster::relabelled(cluster.spec, view, pods);
    for (auto const& patch : patches) {
      CHECK(patch.kind == kube::kinds::pod);
      auto const& metadata = patch.changes.at("metadata").as_object();
      CHECK(metadata.at("resourceVersion") == "7");
      auto const& label = metadata.at("labels").at(crd::labels::role);
      auto& labels = pods.at(patch.ref.name).metadata.labels;
      if (label.is_null())
        labels.erase(std::string{crd::labels::role});
      else
        labels[std::string{crd::labels::role}] = label.as_string();
    }
    return patches.size();
  }
};

}  // namespace

SCENARIO("replicas in sync are marked for the read Service, and nobody else") {
  Labelled seen;
  CHECK(seen.apply() == 3);
  for (auto const& server : seen.view.servers)
    CHECK(seen.role(server.place.pod_name) == (server.owns_slots() ? "" : "replica"));
  CHECK(seen.apply() == 0);
}

SCENARIO("who is out of sync serves no reads, and who is silent stays as it is") {
  Labelled seen;
  seen.apply();
  auto const* const replica = seen.view.owner_of(0)->place.ordinal == 0 ? "cache-0-1" : "cache-0-0";
  auto const* const other = seen.view.owner_of(1)->place.ordinal == 0 ? "cache-1-1" : "cache-1-0";
  seen.server(replica).replication.link = valkey::PrimaryLink{};
  seen.silence(other, "no answer");
  CHECK(seen.apply() == 1);
  CHECK(seen.role(replica).empty());
  CHECK(seen.role(other) == "replica");
}

SCENARIO("without a read Service no pod is marked") {
  Labelled seen;
  seen.apply();
  seen.cluster.spec.services.read.enabled = false;
  CHECK(seen.apply() == 3);
  for (auto const& place : seen.places) CHECK(seen.role(place.place.pod_name).empty());
}
