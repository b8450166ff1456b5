#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/json/json.hpp"

namespace cluster::desired {

/// The servers' certificate by cert-manager. It is the clients' too: the bus has each server show
/// one to the other.
json::object certificate(crd::ValkeyCluster const& cluster, crd::IssuerReference const& issuer);

}  // namespace cluster::desired
