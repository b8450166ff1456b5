#include "common/crd/objections.hpp"
#include "webhook/policies/policies.hpp"

namespace webhook::policies {

/// With a directive that it does not know a server does not start.
constinit Policy const directives{.name = "directives",
                                  .of_cluster = [](crd::ValkeyCluster const& cluster) {
                                    return findings(crd::directive_objections(cluster));
                                  }};

}  // namespace webhook::policies
