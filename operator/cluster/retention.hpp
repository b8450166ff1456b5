#pragma once
#include "operator/cluster/object_plan.hpp"

/// Whether volumes outlive their cluster or go with it. They are told by their owners, so that no
/// finalizer holds a cluster whose operator is gone.
namespace cluster {

/// The owners that a claim is to have, where it has others. A volume that is to go with the cluster
/// is its own, and nobody manages it, else a StatefulSet could not use it.
std::optional<json::object> changed_owners(crd::ValkeyCluster const& cluster, Child const& claim);

/// These of all claims.
std::vector<Patch> owner_patches(crd::ValkeyCluster const& cluster, Children const& children);

}  // namespace cluster
