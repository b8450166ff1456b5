#pragma once
#include "common/kube/watcher.hpp"
#include "operator/cluster/reconciler.hpp"
#include "operator/controller/controller.hpp"

namespace cluster {

struct KeeperSettings {
  std::string watched_namespace;  ///< all, where it is empty
  std::size_t workers = 10;       ///< clusters that are looked at at once
};

/// Watches all there is of clusters, and keeps each as its object says. Belongs to one thread.
class Keeper {
 public:
  /// Client, recorder and clock have to outlive it.
  Keeper(kube::Client& client, kube::EventRecorder& events, Clock& clock, net::Gate gate,
         KeeperSettings settings);

  /// Until it is cancelled. To be called once.
  Task<> run();

 private:
  std::vector<controller::CacheView> views();
  std::vector<kube::ObjectRef> all() const;
  void watch(kube::Resource const& kind, std::string labels, kube::Cache& cache);

  kube::Client& client_;
  Clock& clock_;
  KeeperSettings settings_;
  Caches caches_;
  valkey::Pool pool_;
  Reconciler reconciler_;
  controller::Controller controller_;
  std::vector<std::unique_ptr<kube::Watcher>> watchers_;
};

}  // namespace cluster
