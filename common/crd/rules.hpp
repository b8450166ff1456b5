#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/crd/valkey_upgrade.hpp"

/// What a valid object or change is, whoever asks: what the schema says, checked again, so that
/// nothing depends on its having been checked.
namespace crd {

schema::Violations violations(ValkeyCluster const& cluster);
schema::Violations violations(ValkeyCluster const& before, ValkeyCluster const& after);

schema::Violations violations(ValkeyUpgrade const& upgrade);
schema::Violations violations(ValkeyUpgrade const& before, ValkeyUpgrade const& after);

}  // namespace crd
