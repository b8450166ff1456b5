#include "common/crd/objections.hpp"
#include "webhook/policies/policies.hpp"

namespace webhook::policies {

/// Pods that ask for more than their limits are never made.
constinit Policy const resources{.name = "resources",
                                 .of_cluster = [](crd::ValkeyCluster const& cluster) {
                                   return findings(crd::resource_objections(cluster));
                                 }};

}  // namespace webhook::policies
