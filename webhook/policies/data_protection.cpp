#include "common/crd/labels.hpp"
#include "webhook/policies/policies.hpp"

namespace webhook::policies {
namespace {

Findings deletion(crd::ValkeyCluster const& cluster) {
  auto const& [metadata, spec, status] = cluster;
  bool const loses_volumes =
      spec.persistence.enabled && spec.persistence.retain == crd::Retain::Delete;
  if (!loses_volumes || status.shards.empty()) return {};
  auto const found = metadata.annotations.find(std::string{crd::labels::confirmed_deletion});
  if (found != metadata.annotations.end() && found->second == metadata.name) return {};
  return {{.reason = Reason::Forbidden,
           .field = "spec.persistence.retain",
           .message = "Delete would delete all data with the cluster: set it to Retain to keep the "
                      "volumes, or annotate the cluster with " +
                      std::string{crd::labels::confirmed_deletion} + "=" + metadata.name}};
}

}  // namespace

/// Nobody deletes data by deleting an object, unless they say so.
constinit Policy const data_protection{.name = "data-protection", .of_cluster_deletion = deletion};

}  // namespace webhook::policies
