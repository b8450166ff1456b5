#include "common/crd/objections.hpp"
#include "webhook/policies/policies.hpp"

namespace webhook::policies {

/// With a rule that it can't read a server refuses all users.
constinit Policy const users{.name = "users", .of_cluster = [](crd::ValkeyCluster const& cluster) {
                               return findings(crd::user_objections(cluster));
                             }};

}  // namespace webhook::policies
