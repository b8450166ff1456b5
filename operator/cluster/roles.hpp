#pragma once
#include "operator/cluster/object_plan.hpp"
#include "operator/cluster/places.hpp"

namespace cluster {

/// What makes the read Service lead to replicas that have their primary's data, and to nobody else.
/// The pod of a server that does not answer stays as it is.
std::vector<Patch> relabelled(crd::ValkeyClusterSpec const& spec, View const& view,
                              Pods const& pods);

}  // namespace cluster
