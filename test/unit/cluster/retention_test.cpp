#include "operator/cluster/retention.hpp"

#include "test/support/clusters.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace cluster;

Children a_claim(crd::ValkeyCluster const& cluster, bool is_owned) {
  Child claim;
  claim.metadata.name = "data-cache-0-0";
  claim.metadata.namespace_ = "demo";
  claim.metadata.resource_version = "9";
  if (is_owned)
    claim.metadata.owner_references.push_back({.api_version = "valkey-operator.dev/v1alpha1",
                                               .kind = "ValkeyCluster",
                                               .name = "cache",
                                               .uid = cluster.metadata.uid});
  return {{{kube::kinds::persistent_volume_claim.plural, claim.metadata.name}, claim}};
}

std::string text(json::array const& steps) { return json::serialize(steps); }

}  // namespace

SCENARIO("a cluster whose volumes stay has no finalizer") {
  auto const cluster = a_cluster("{}");
  CHECK(finalizer_patch(cluster, a_claim(cluster, false)).empty());
  CHECK(owner_patches(cluster, a_claim(cluster, false)).empty());
}

SCENARIO("a cluster whose volumes go with it has one, until they are as its last spec says") {
  auto cluster = a_cluster(R"({"persistence": {"retain": "Delete"}})");
  cluster.metadata.resource_version = "7";
  CHECK(text(finalizer_patch(cluster, {})) ==
        R"([{"op":"test","path":"/metadata/resourceVersion","value":"7"},)"
        R"({"op":"add","path":"/metadata/finalizers","value":["valkey-operator.dev/volumes"]}])");
  cluster.metadata.finalizers = {"other", std::string{finalizer}};
  CHECK(finalizer_patch(cluster, a_claim(cluster, true)).empty());

  WHEN("it is deleted") {
    cluster.metadata.deletion_timestamp = "2026-01-02T03:04:05Z";
    THEN("it goes at once, for the volumes are its own") {
      CHECK(
          text(finalizer_patch(cluster, a_claim(cluster, true))) ==
          R"([{"op":"test","path":"/metadata/finalizers/1","value":"valkey-operator.dev/volumes"},)"
          R"({"op":"remove","path":"/metadata/finalizers/1"}])");
    }
    AND_WHEN("they are to stay by now") {
      cluster.spec.persistence.retain = crd::Retain::Retain;
      THEN("it stays until they are nobody's") {
        CHECK(finalizer_patch(cluster, a_claim(cluster, true)).empty());
        CHECK(owner_patches(cluster, a_claim(cluster, true)).size() == 1);
        CHECK_FALSE(finalizer_patch(cluster, a_claim(cluster, false)).empty());
      }
    }
  }
}

SCENARIO("others' finalizers are left alone") {
  auto cluster = a_cluster(R"({"persistence": {"retain": "Delete"}})");
  cluster.metadata.finalizers = {"other"};
  CHECK(text(finalizer_patch(cluster, {}))
            .contains(R"("path":"/metadata/finalizers/-","value":"valkey-operator.dev/volumes")"));
  cluster.metadata.deletion_timestamp = "2026-01-02T03:04:05Z";
  CHECK(finalizer_patch(cluster, a_claim(cluster, true)).empty());
}
