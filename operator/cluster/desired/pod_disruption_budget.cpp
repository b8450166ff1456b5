#include "operator/cluster/desired/pod_disruption_budget.hpp"

#include "common/kube/kinds.hpp"
#include "operator/cluster/desired/metadata.hpp"

namespace cluster::desired {

json::object pod_disruption_budget(crd::ValkeyCluster const& cluster, int shard) {
  crd::Names const names{cluster.metadata};
  auto whole = owned(kube::kinds::pod_disruption_budget, cluster, names.shard(shard),
                     shard_labels(names, shard));
  whole["spec"] = json::object{{"maxUnavailable", 1},
                               {"selector", {{"matchLabels", shard_selector(names, shard)}}}};
  return whole;
}

}  // namespace cluster::desired
