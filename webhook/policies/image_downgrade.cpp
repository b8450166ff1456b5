#include "common/crd/objections.hpp"
#include "webhook/policies/policies.hpp"

namespace webhook::policies {

/// Older servers may be unable to read what newer ones have written.
constinit Policy const image_downgrade{
    .name = "image-downgrade",
    .of_cluster_change = [](crd::ValkeyCluster const& before, crd::ValkeyCluster const& after) {
      return findings(crd::downgrade_objections(before, after));
    }};

}  // namespace webhook::policies
