#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace controller {

/// What a controller asks of a cache of one kind of object.
struct Cache {
  std::string name;  ///< as in "pods"
  std::function<bool()> synced;
  std::function<bool(std::string_view resource_version)> has_seen;
};

/// A kube::Store as a controller sees it; it has to outlive what is returned.
template <class Store>
Cache cache_of(std::string_view name, Store const& store) {
  return {.name = std::string{name},
          .synced = [&store] { return store.synced(); },
          .has_seen = [&store](std::string_view version) { return store.has_seen(version); }};
}

}  // namespace controller
