#include "common/crd/rules.hpp"
#include "webhook/policies/policies.hpp"

namespace webhook::policies {

/// What the definitions say as well: it counts even where an older definition is installed.
constinit Policy const schema{
    .name = "schema",
    .of_cluster =
        [](crd::ValkeyCluster const& cluster) { return findings(crd::violations(cluster)); },
    .of_cluster_change =
        [](crd::ValkeyCluster const& before, crd::ValkeyCluster const& after) {
          return findings(crd::violations(before, after), Reason::Forbidden);
        },
    .of_upgrade =
        [](crd::ValkeyUpgrade const& upgrade) { return findings(crd::violations(upgrade)); },
    .of_upgrade_change =
        [](crd::ValkeyUpgrade const& before, crd::ValkeyUpgrade const& after) {
          return findings(crd::violations(before, after), Reason::Forbidden);
        }};

}  // namespace webhook::policies
