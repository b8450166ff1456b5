#include "operator/controller/triggers.hpp"

#include <algorithm>

namespace controller {
namespace {

/// "apps" of "apps/v1"; nothing of "v1".
std::string_view group_of(std::string_view api_version) {
  auto const slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash);
}

void add_owner(std::vector<kube::ObjectRef>& owners, kube::Metadata const& owned,
               kube::Resource const& kind) {
  auto const* const owner = kube::controller_of(owned);
  if (!owner || owner->kind != kind.kind || group_of(owner->api_version) != kind.group) return;
  kube::ObjectRef key{.namespace_name = owned.namespace_, .name = owner->name};
  if (std::ranges::find(owners, key) == owners.end()) owners.push_back(std::move(key));
}

}  // namespace

bool is_news(kube::Metadata const& before, kube::Metadata const& after) {
  return before.uid != after.uid || before.generation != after.generation ||
         before.deletion_timestamp != after.deletion_timestamp || before.labels != after.labels ||
         before.annotations != after.annotations || before.finalizers != after.finalizers ||
         before.owner_references != after.owner_references;
}

std::vector<kube::ObjectRef> owners(kube::Metadata const* before, kube::Metadata const* after,
                                    kube::Resource const& kind) {
  std::vector<kube::ObjectRef> found;
  if (before) add_owner(found, *before, kind);
  if (after) add_owner(found, *after, kind);
  return found;
}

}  // namespace controller
