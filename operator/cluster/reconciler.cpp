#include "operator/cluster/reconciler.hpp"

#include "operator/cluster/pass.hpp"

namespace cluster {

Task<controller::Requeue> Reconciler::reconcile(kube::ObjectRef key) {
  auto const cluster = tools_.caches.clusters.get(key);
  if (!cluster) {
    memories_.erase(key);
    if (cluster.error().fault == Fault::NotFound) co_return controller::Requeue{};
    co_return co_await refuse(std::move(key), cluster.error());
  }
  auto const& uid = cluster->metadata.uid;
  auto found = memories_.find(key);
  if (found == memories_.end() || found->second.uid != uid) {
    found = memories_.insert_or_assign(key, Memory{}).first;
    found->second.uid = uid;
    found->second.moved = tools_.clock.now();
  }
  Pass pass{tools_, *cluster, found->second};
  co_return co_await pass.run();
}

/// It can't be told in its status, which we could not read either.
Task<controller::Requeue> Reconciler::refuse(kube::ObjectRef key, Error why) {
  CO_TRY(auto const object, co_await tools_.client.get(crd::valkey_cluster, key));
  auto const* const whole = object.if_object();
  auto const* const metadata = whole ? whole->if_contains("metadata") : nullptr;
  auto const known = metadata ? mapping::decode<kube::Metadata>(*metadata) : invalid("");
  if (known)
    tools_.events.record({.api_version = kube::api_version(crd::valkey_cluster),
                          .kind = std::string{crd::valkey_cluster.kind},
                          .namespace_ = key.namespace_name,
                          .name = key.name,
                          .uid = known->uid},
                         kube::EventType::Warning, "InvalidSpec", "Observe", why.message);
  co_return Failure{std::move(why)};
}

}  // namespace cluster
