#pragma once
#include "operator/cluster/object_plan.hpp"

/// Whether volumes outlive their cluster or go with it, which its spec decides when it is deleted.
namespace cluster {

/// Of a cluster whose volumes are to go with it: it is there until they are as its last spec says.
inline constexpr std::string_view finalizer = "valkey-operator.dev/volumes";

/// The owners that a claim is to have, where it has others. A volume that is to go with the cluster
/// is its own, and nobody manages it, else a StatefulSet could not use it.
std::optional<json::object> changed_owners(crd::ValkeyCluster const& cluster, Child const& claim);

/// These of all claims.
std::vector<Patch> owner_patches(crd::ValkeyCluster const& cluster, Children const& children);

/// A JSON patch that sets or removes the finalizer; empty where nothing is to be done.
json::array finalizer_patch(crd::ValkeyCluster const& cluster, Children const& children);

}  // namespace cluster
