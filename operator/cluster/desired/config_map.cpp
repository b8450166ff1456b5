#include "operator/cluster/desired/config_map.hpp"

#include "common/kube/kinds.hpp"
#include "operator/cluster/desired/metadata.hpp"
#include "operator/cluster/desired/pod_scripts.hpp"
#include "operator/cluster/desired/valkey_conf.hpp"

namespace cluster::desired {

json::object config_map(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  auto whole = owned(kube::kinds::config_map, cluster, names.config_map(), cluster_labels(names));
  whole["data"] = json::object{{"valkey.conf", valkey_conf(cluster.spec)},
                               {"valkey-plain.conf", valkey_conf_without_tls()},
                               {"valkey-tls.conf", valkey_conf_with_tls()},
                               {"valkey-9.0.conf", valkey_conf_since_9_0(cluster.spec)},
                               {"valkey-9.1.conf", valkey_conf_since_9_1(cluster.spec)},
                               {"start.sh", pod_scripts::start},
                               {"ask.sh", pod_scripts::ask},
                               {"probe.sh", pod_scripts::probe},
                               {"stop.sh", pod_scripts::stop}};
  return whole;
}

}  // namespace cluster::desired
