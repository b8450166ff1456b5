#pragma once
#include "common/kube/cache.hpp"
#include "common/kube/client.hpp"
#include "common/kube/watch_plan.hpp"

namespace kube {

class WatchReading;

struct WatcherSettings {
  Limit silence{std::chrono::minutes{3}};        ///< an API server sends bookmarks each minute
  Limit list_silence{std::chrono::seconds{30}};  ///< within a list that is streamed
  std::chrono::seconds shortest{300};            ///< the server ends a watch after this time,
  std::chrono::seconds longest{600};             ///< or up to this, so that not all end at once
  std::size_t page = 500;                        ///< objects
};

/// Keeps a cache as the API server says, from list to list and watch to watch.
class Watcher {
 public:
  /// Client, clock and cache have to outlive it.
  Watcher(Client& client, Clock& clock, Resource resource, Selection selection, Cache& cache,
          WatcherSettings settings = {});

  /// Goes on until it is cancelled: whatever goes wrong is logged and tried again.
  Task<> run();

 private:
  Task<WatchEnd> step();
  Task<WatchEnd> page_list();
  Task<WatchEnd> watch(bool list_first);
  Task<WatchEnd> read(net::Incoming answer, bool list_first);
  Result<WatchEnd> ended(WatchReading const& reading) const;
  Result<WatchEnd> failed(WatchEnd::Kind kind, Error const& why) const;
  WatchEnd refused(WatchEnd::Kind kind, Status status) const;

  Client& client_;
  Clock& clock_;
  Resource resource_;
  Selection selection_;
  Cache& cache_;
  WatcherSettings settings_;
  WatchPlan plan_;
};

}  // namespace kube
