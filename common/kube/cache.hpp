#pragma once
#include "common/json/json.hpp"

#include <string_view>

namespace kube {

/// What told of an object: a list of all there are, or one event of a watch.
enum class Origin { List, Watch };

/// Where a watcher puts what it sees.
class Cache {
 public:
  Cache() = default;
  Cache(Cache const&) = delete;
  Cache& operator=(Cache const&) = delete;
  virtual ~Cache();

  /// What is seen from now on belongs to a complete new list, and shows only once that is finished.
  virtual void replace_started() = 0;
  /// An object as it is now. One without a name is passed over.
  virtual void seen(json::value const& object, Origin origin) = 0;
  virtual void removed(json::value const& object) = 0;
  /// The list is complete: it takes the place of what was there, and what it lacks is gone.
  virtual void replace_finished(std::string_view resource_version) = 0;
  /// The list will not be finished: what was there stays.
  virtual void replace_abandoned() = 0;
  /// All that happened up to this version was told.
  virtual void advanced(std::string_view resource_version) = 0;
};

}  // namespace kube
