#include "operator/cluster/retention.hpp"

#include <algorithm>

namespace cluster {
namespace {

bool has_owner(Child const& claim, std::string const& uid) {
  return std::ranges::any_of(claim.metadata.owner_references,
                             [&](kube::OwnerReference const& owner) { return owner.uid == uid; });
}

std::vector<Child const*> claims(Children const& children) {
  std::vector<Child const*> found;
  for (auto const& [key, child] : children)
    if (key.first == kube::kinds::persistent_volume_claim.plural) found.push_back(&child);
  return found;
}

}  // namespace

std::optional<json::object> changed_owners(crd::ValkeyCluster const& cluster, Child const& claim) {
  bool const shall_be = cluster.spec.persistence.retain == crd::Retain::Delete;
  if (has_owner(claim, cluster.metadata.uid) == shall_be) return std::nullopt;
  auto owners = claim.metadata.owner_references;
  if (shall_be)
    owners.push_back({.api_version = kube::api_version(crd::valkey_cluster),
                      .kind = std::string{crd::valkey_cluster.kind},
                      .name = cluster.metadata.name,
                      .uid = cluster.metadata.uid});
  else
    std::erase_if(owners, [&](kube::OwnerReference const& owner) {
      return owner.uid == cluster.metadata.uid;
    });
  return json::object{{"ownerReferences", mapping::encode(owners)}};
}

std::vector<Patch> owner_patches(crd::ValkeyCluster const& cluster, Children const& children) {
  std::vector<Patch> patches;
  for (auto const* const claim : claims(children)) {
    auto changes = changed_owners(cluster, *claim);
    if (!changes || claim->metadata.deletion_timestamp) continue;
    (*changes)["resourceVersion"] = claim->metadata.resource_version;
    patches.push_back({kube::kinds::persistent_volume_claim,
                       ref_of(claim->metadata),
                       {{"metadata", *std::move(changes)}}});
  }
  return patches;
}

}  // namespace cluster
