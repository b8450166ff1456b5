#pragma once
#include "common/kube/events.hpp"
#include "operator/cluster/caches.hpp"
#include "operator/cluster/memory.hpp"
#include "operator/cluster/writes.hpp"
#include "operator/controller/verdict.hpp"

namespace cluster {

/// What a reconciler works with, all of which outlives it.
struct Tools {
  kube::Client& client;
  kube::EventRecorder& events;
  valkey::Pool& pool;
  Caches const& caches;
  Clock& clock;
  net::Gate gate;  ///< asked before anything is done to servers; the client asks its own
  /// Is told of each write for a cluster: which cache is to see what version.
  std::function<void(kube::ObjectRef const&, std::string_view plural, std::string version)> wrote;
};

/// Brings clusters to what their objects say, a pass at a time: looks at what there is, plans what
/// follows, does it, and tells.
class Reconciler {
 public:
  explicit Reconciler(Tools tools) : tools_{std::move(tools)} {}

  /// Never for the same cluster twice at once. Fails as Invalid where the object can't be read.
  Task<controller::Requeue> reconcile(kube::ObjectRef key);

 private:
  Task<controller::Requeue> refuse(kube::ObjectRef key, Error why);

  Tools tools_;
  std::map<kube::ObjectRef, Memory> memories_;
};

}  // namespace cluster
