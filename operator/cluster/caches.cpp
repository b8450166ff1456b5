#include "operator/cluster/caches.hpp"

namespace cluster {
namespace {

/// Nothing where there is none of that name.
template <class T>
Result<std::optional<T>> get(kube::Store<T> const& store, kube::ObjectRef const& ref) {
  auto found = store.get(ref);
  if (found) return std::optional{*std::move(found)};
  if (found.error().fault == Fault::NotFound) return std::optional<T>{};
  return Failure{std::move(found).error()};
}

kube::Store<Child> const* store_of(Caches const& caches, kube::Resource const& kind) {
  for (std::size_t at = 0; at < child_kinds.size(); ++at)
    if (child_kinds[at] == kind) return &caches.children[at];
  return nullptr;
}

Result<> add(Caches const& caches, kube::Resource const& kind, kube::ObjectRef const& ref,
             Children& target) {
  auto const* const store = store_of(caches, kind);
  if (!store) return ok;
  TRY(auto child, get(*store, ref));
  if (child) target.emplace(ChildKey{kind.plural, ref.name}, *std::move(child));
  return ok;
}

}  // namespace

/// By name, so that objects of others that are in the way are seen; and by owner, so that those
/// that are wanted no more are.
Result<Observed> observe(Caches const& caches, crd::ValkeyCluster const& cluster,
                         std::vector<Apply> const& wanted) {
  crd::Names const names{cluster.metadata};
  Observed seen;
  for (std::size_t at = 0; at < child_kinds.size(); ++at) {
    TRY(auto owned, caches.children[at].owned_by(cluster.metadata.uid));
    for (auto& child : owned) {
      ChildKey key{child_kinds[at].plural, child.metadata.name};
      seen.children.emplace(std::move(key), std::move(child));
    }
  }
  for (auto const& one : wanted) TRY(add(caches, one.kind, one.ref, seen.children));
  for (auto const& [shard, size] : shard_sizes(cluster, seen.children, !wanted.empty())) {
    for (int ordinal = 0; ordinal < size; ++ordinal) {
      kube::ObjectRef const ref{names.namespace_name(), names.pod(shard, ordinal)};
      TRY(auto pod, get(caches.pods, ref));
      if (pod) seen.pods.emplace(ref.name, *std::move(pod));
      TRY(add(caches, kube::kinds::persistent_volume_claim,
              {ref.namespace_name, names.claim(ref.name)}, seen.children));
    }
  }
  return seen;
}

}  // namespace cluster
