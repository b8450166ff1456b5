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

}  // namespace

SCENARIO("volumes have the owner that the last spec says, whatever else is not done") {
  auto cluster = a_cluster("{}");
  CHECK(owner_patches(cluster, a_claim(cluster, false)).empty());
  auto const let_go = owner_patches(cluster, a_claim(cluster, true));
  REQUIRE(let_go.size() == 1);
  CHECK(json::serialize(let_go[0].changes) ==
        R"({"metadata":{"ownerReferences":[],"resourceVersion":"9"}})");

  cluster.spec.persistence.retain = crd::Retain::Delete;
  CHECK(owner_patches(cluster, a_claim(cluster, true)).empty());
  CHECK(owner_patches(cluster, a_claim(cluster, false)).size() == 1);
}
