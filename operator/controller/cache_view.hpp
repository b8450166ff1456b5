#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace controller {

/// What a controller asks of a cache of one kind of object.
struct CacheView {
  std::string name;  ///< as in "pods"
  std::function<bool()> synced;
  std::function<bool(std::string_view resource_version)> has_seen;
  /// Has a listener called whenever one of the above may have changed.
  std::function<void(std::function<void()> listener)> on_advance;
};

/// A kube::Store as a controller sees it; it has to outlive what is returned.
template <class Store>
CacheView view_of(std::string_view name, Store& store) {
  return {.name = std::string{name},
          .synced = [&store] { return store.synced(); },
          .has_seen = [&store](std::string_view version) { return store.has_seen(version); },
          .on_advance =
              [&store](std::function<void()> listener) { store.on_advance(std::move(listener)); }};
}

}  // namespace controller
