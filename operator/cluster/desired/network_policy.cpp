#include "operator/cluster/desired/network_policy.hpp"

#include "common/kube/kinds.hpp"
#include "operator/cluster/desired/metadata.hpp"

namespace cluster::desired {
namespace {

json::object port(std::int64_t number) { return {{"protocol", "TCP"}, {"port", number}}; }

}  // namespace

json::object network_policy(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  json::object const members{{"matchLabels", cluster_selector(names)}};
  json::object const for_all{
      {"ports", json::array{port(crd::client_port), port(cluster.spec.metrics.port)}}};
  json::object const for_members{{"from", json::array{json::object{{"podSelector", members}}}},
                                 {"ports", json::array{port(crd::bus_port)}}};
  auto whole =
      owned(kube::kinds::network_policy, cluster, names.network_policy(), cluster_labels(names));
  whole["spec"] = json::object{{"podSelector", members},
                               {"policyTypes", json::array{"Ingress"}},
                               {"ingress", json::array{for_all, for_members}}};
  return whole;
}

}  // namespace cluster::desired
