#include "common/crd/objections.hpp"
#include "webhook/policies/policies.hpp"

namespace webhook::policies {

/// A maxmemory that the memory limit leaves no room for ends the server.
constinit Policy const memory{.name = "memory",
                              .of_cluster = [](crd::ValkeyCluster const& cluster) {
                                return findings(crd::memory_objections(cluster));
                              }};

}  // namespace webhook::policies
