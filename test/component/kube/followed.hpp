#pragma once
#include "common/kube/kinds.hpp"
#include "common/kube/store.hpp"
#include "common/kube/watcher.hpp"
#include "test/component/kube/reached.hpp"

#include <map>
#include <set>
#include <string>

struct ConfigMap {
  kube::Metadata metadata;
  std::map<std::string, std::string> data;
};
BOOST_DESCRIBE_STRUCT(ConfigMap, (), (metadata, data))

/// The config maps of a namespace, as a watcher keeps them.
class Followed {
 public:
  using Values = std::map<std::string, std::string>;

  Followed();

  /// By name, the values that it knows of.
  Values values() const;

  /// Ends once it is synced and knows exactly `wanted`; Transient if it does not within 40 s.
  Task<> knows(Values wanted);
  /// Ends once there was a whole list; Transient if there was none within 40 s.
  Task<> synced();

  /// How often each object was told to be new, changed or gone.
  std::size_t changes() const { return changes_; }

  kube::Store<ConfigMap>& store() { return store_; }

 private:
  Task<> until(std::function<bool()> reached);

  kube::Store<ConfigMap> store_;
  std::set<asio::steady_timer*> waiting_;
  std::size_t changes_ = 0;
};

using FollowedWork = std::function<Task<>(Followed&)>;

/// Runs `work` beside a watcher of the config maps in `space`.
Result<> follow(kube::Config config, std::string space, FollowedWork work,
                kube::WatcherSettings settings = {});
