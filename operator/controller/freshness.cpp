#include "operator/controller/freshness.hpp"

#include "common/kube/resource_version.hpp"

#include <algorithm>

namespace controller {

void Freshness::wrote(kube::ObjectRef const& owner, std::string_view cache,
                      std::string resource_version) {
  auto const known = std::ranges::find(caches_, cache, &CacheView::name);
  if (known == caches_.end() || resource_version.empty()) return;
  auto& newest = unseen_[owner][&*known];
  // Answers may come in another order than the writes were made.
  if (kube::compare_versions(resource_version, newest) != std::strong_ordering::less)
    newest = std::move(resource_version);
}

CacheView const* Freshness::behind(kube::ObjectRef const& owner) {
  auto const found = unseen_.find(owner);
  if (found == unseen_.end()) return nullptr;
  std::erase_if(found->second,
                [](auto const& write) { return write.first->has_seen(write.second); });
  if (!found->second.empty()) return found->second.begin()->first;
  unseen_.erase(found);
  return nullptr;
}

}  // namespace controller
