#include "operator/cluster/keeper.hpp"

#include "common/async/task_group.hpp"
#include "common/crd/labels.hpp"
#include "operator/controller/triggers.hpp"

namespace cluster {

Keeper::Keeper(kube::Client& client, kube::EventRecorder& events, Clock& clock, net::Gate gate,
               KeeperSettings settings)
    : client_{client},
      clock_{clock},
      settings_{std::move(settings)},
      pool_{clock},
      reconciler_{{.client = client,
                   .events = events,
                   .pool = pool_,
                   .caches = caches_,
                   .clock = clock,
                   .gate = std::move(gate),
                   .wrote =
                       [this](kube::ObjectRef const& cluster, std::string_view plural,
                              std::string version) {
                         controller_.wrote(cluster, plural, std::move(version));
                       }}},
      controller_{{.name = "valkeycluster", .workers = settings_.workers},
                  {.all = [this] { return all(); },
                   .contain =
                       [this](kube::ObjectRef const& ref) {
                         auto const found = caches_.clusters.get(ref);
                         return found || found.error().fault != Fault::NotFound;
                       }},
                  views(),
                  [this](kube::ObjectRef key) { return reconciler_.reconcile(std::move(key)); },
                  clock} {
  std::string const labelled{crd::labels::cluster};
  watch(crd::valkey_cluster, "", caches_.clusters);
  watch(kube::kinds::pod, labelled, caches_.pods);
  for (std::size_t at = 0; at < child_kinds.size(); ++at)
    watch(child_kinds[at], labelled, caches_.children[at]);
  controller::reconcile_objects(caches_.clusters, controller_);
  controller::reconcile_labelled(caches_.pods, crd::labels::cluster, controller_);
  for (auto& store : caches_.children)
    controller::reconcile_labelled(store, crd::labels::cluster, controller_);
}

Task<> Keeper::run() {
  return together([this](TaskGroup& group) {
    for (auto const& watcher : watchers_) group.spawn(watcher->run());
    group.spawn(pool_.tend());
    group.spawn(controller_.run());
  });
}

std::vector<controller::CacheView> Keeper::views() {
  std::vector<controller::CacheView> all{
      controller::view_of(crd::valkey_cluster.plural, caches_.clusters),
      controller::view_of(kube::kinds::pod.plural, caches_.pods)};
  for (std::size_t at = 0; at < child_kinds.size(); ++at)
    all.push_back(controller::view_of(child_kinds[at].plural, caches_.children[at]));
  return all;
}

std::vector<kube::ObjectRef> Keeper::all() const {
  std::vector<kube::ObjectRef> found;
  caches_.clusters.for_each(
      [&](crd::ValkeyCluster const& cluster) { found.push_back(ref_of(cluster.metadata)); });
  return found;
}

void Keeper::watch(kube::Resource const& kind, std::string labels, kube::Cache& cache) {
  watchers_.push_back(std::make_unique<kube::Watcher>(
      client_, clock_, kind,
      kube::Selection{
          .namespace_name = settings_.watched_namespace, .labels = std::move(labels), .fields = {}},
      cache));
}

}  // namespace cluster
