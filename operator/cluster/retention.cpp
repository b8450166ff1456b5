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

bool wants_finalizer(crd::ValkeyCluster const& cluster, Children const& children) {
  if (cluster.metadata.deletion_timestamp) return !owner_patches(cluster, children).empty();
  auto const all = claims(children);
  bool const will_own = cluster.spec.persistence.retain == crd::Retain::Delete;
  return will_own || std::ranges::any_of(all, [&](Child const* claim) {
           return has_owner(*claim, cluster.metadata.uid);
         });
}

json::object test(std::string_view path, json::value value) {
  return {{"op", "test"}, {"path", path}, {"value", std::move(value)}};
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

json::array finalizer_patch(crd::ValkeyCluster const& cluster, Children const& children) {
  auto const& all = cluster.metadata.finalizers;
  auto const found = std::ranges::find(all, finalizer);
  bool const is_set = found != all.end();
  bool const is_deleted = cluster.metadata.deletion_timestamp.has_value();
  bool const is_wanted = wants_finalizer(cluster, children);
  // Of what is being deleted an API server takes no new one.
  if (is_set == is_wanted || (is_deleted && !is_set)) return {};
  if (is_set) {
    auto const path = "/metadata/finalizers/" + std::to_string(found - all.begin());
    return {test(path, json::value(finalizer)), json::object{{"op", "remove"}, {"path", path}}};
  }
  auto const& version = cluster.metadata.resource_version;
  json::object const added =
      all.empty()
          ? json::object{{"op", "add"},
                         {"path", "/metadata/finalizers"},
                         {"value", json::array{json::value(finalizer)}}}
          : json::object{{"op", "add"}, {"path", "/metadata/finalizers/-"}, {"value", finalizer}};
  return {test("/metadata/resourceVersion", json::value(version)), added};
}

}  // namespace cluster
