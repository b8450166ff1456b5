#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/json/json.hpp"

namespace cluster::desired {

/// Lets one pod of a shard be evicted at a time: not a primary with its replica.
json::object pod_disruption_budget(crd::ValkeyCluster const& cluster, int shard);

}  // namespace cluster::desired
