#pragma once
#include "common/crd/names.hpp"
#include "common/json/json.hpp"

namespace cluster::desired {

/// Where a shard's pods go: members of a PodSpec.
json::object scheduling(crd::ValkeyCluster const& cluster, int shard);

}  // namespace cluster::desired
