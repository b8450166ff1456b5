#pragma once
#include "common/crd/valkey_cluster.hpp"

/// What a schema can't say, and what servers or Kubernetes would refuse later, or would not live
/// with for long. The webhook has each as a policy; the operator reports them, and works on.
namespace crd {

schema::Violations memory_objections(ValkeyCluster const& cluster);
schema::Violations resource_objections(ValkeyCluster const& cluster);
schema::Violations directive_objections(ValkeyCluster const& cluster);
schema::Violations user_objections(ValkeyCluster const& cluster);

/// All of these.
schema::Violations objections(ValkeyCluster const& cluster);

/// A version older than what the servers run; where that is not known, than what they were to run.
schema::Violations downgrade_objections(ValkeyCluster const& before, ValkeyCluster const& after);

}  // namespace crd
