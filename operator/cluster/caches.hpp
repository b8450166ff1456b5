#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/kube/store.hpp"
#include "operator/cluster/object_plan.hpp"
#include "operator/cluster/places.hpp"

namespace cluster {

/// All that is watched for all clusters.
struct Caches {
  kube::Store<crd::ValkeyCluster> clusters;
  kube::Store<Pod> pods;
  std::array<kube::Store<Child>, child_kinds.size()> children;  ///< in the order of child_kinds
};

/// What Kubernetes has of one cluster.
struct Observed {
  Children children;
  Pods pods;
};

/// Among it what is wanted, as far as it is there; nothing is wanted where the spec can't be.
/// Invalid where an object can't be read: it may be anything, and is not to be taken for gone.
Result<Observed> observe(Caches const& caches, crd::ValkeyCluster const& cluster,
                         std::vector<Apply> const& wanted);

}  // namespace cluster
