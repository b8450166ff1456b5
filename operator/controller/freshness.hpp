#pragma once
#include "common/kube/object.hpp"
#include "operator/controller/cache_view.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace controller {

/// Which writes of our own the caches have not shown yet. Who decides on a cache that is older than
/// its own last write does things twice, or undoes them (Kubernetes
/// pkg/controller/util/consistency; KEP-5647).
class Freshness {
 public:
  explicit Freshness(std::vector<CacheView> caches) : caches_{std::move(caches)} {}

  /// Notes what a write answered. A cache that is not among ours is not waited for.
  void wrote(kube::ObjectRef const& owner, std::string_view cache, std::string resource_version);

  /// A cache that has not shown all that was written for `owner`, if there is one.
  CacheView const* behind(kube::ObjectRef const& owner);

  /// Forgets what was written for an owner that is gone, or that waits for it no more.
  void forget(kube::ObjectRef const& owner) { unseen_.erase(owner); }

  std::vector<CacheView> const& caches() const { return caches_; }

 private:
  std::vector<CacheView> caches_;
  /// The newest version that was written, by owner and by cache.
  std::map<kube::ObjectRef, std::map<CacheView const*, std::string>> unseen_;
};

}  // namespace controller
