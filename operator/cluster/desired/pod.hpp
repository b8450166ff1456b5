#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/json/json.hpp"

namespace cluster::desired {

/// A StatefulSet's pod template.
json::object pod_template(crd::ValkeyCluster const& cluster, int shard);

}  // namespace cluster::desired
