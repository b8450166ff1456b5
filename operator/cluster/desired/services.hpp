#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/json/json.hpp"

namespace cluster::desired {

/// Gives each pod a name, ready or not: pods have to find each other before they are ready.
json::object headless_service(crd::ValkeyCluster const& cluster);

/// Leads clients to any server; each then tells them where which slot is.
json::object client_service(crd::ValkeyCluster const& cluster);

/// Leads readers to replicas: to the pods that are marked as such.
json::object read_service(crd::ValkeyCluster const& cluster);

}  // namespace cluster::desired
