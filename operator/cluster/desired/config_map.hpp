#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/json/json.hpp"

namespace cluster::desired {

/// The servers' configuration, and the scripts that run in their pods.
json::object config_map(crd::ValkeyCluster const& cluster);

}  // namespace cluster::desired
