#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "operator/cluster/desired/credentials.hpp"

#include <string_view>

/// The ValkeyCluster demo/cache, with this spec in JSON.
crd::ValkeyCluster a_cluster(std::string_view spec = "{}");

/// Whose passwords are known.
cluster::Credentials some_credentials();
