#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/json/json.hpp"

namespace cluster::desired {

/// Keeps the cluster bus among the cluster's own pods. Whoever reaches a bus port may merge two
/// clusters, and the bus asks for no password; all other ports stay open to everyone.
json::object network_policy(crd::ValkeyCluster const& cluster);

}  // namespace cluster::desired
