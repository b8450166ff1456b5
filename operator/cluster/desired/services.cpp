#include "operator/cluster/desired/services.hpp"

#include "common/crd/labels.hpp"
#include "common/kube/kinds.hpp"
#include "operator/cluster/desired/metadata.hpp"

namespace cluster::desired {
namespace {

json::object port(std::string_view name, std::uint16_t number) {
  return {{"name", name}, {"port", number}, {"targetPort", name}, {"protocol", "TCP"}};
}

json::object service(crd::ValkeyCluster const& cluster, std::string const& name, json::object spec,
                     std::map<std::string, std::string> const& annotations = {}) {
  crd::Names const names{cluster.metadata};
  auto whole = owned(kube::kinds::service, cluster, name, cluster_labels(names), annotations);
  whole["spec"] = std::move(spec);
  return whole;
}

}  // namespace

json::object headless_service(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  return service(
      cluster, names.headless_service(),
      {{"type", "ClusterIP"},
       {"clusterIP", "None"},
       {"publishNotReadyAddresses", true},
       {"selector", cluster_selector(names)},
       {"ports", json::array{port("client", crd::client_port), port("bus", crd::bus_port)}}});
}

json::object client_service(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  auto const& wanted = cluster.spec.services.client;
  return service(cluster, names.client_service(),
                 {{"type", mapping::encode(wanted.type)},
                  {"selector", cluster_selector(names)},
                  {"ports", json::array{port("client", crd::client_port)}}},
                 wanted.annotations);
}

json::object read_service(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  auto const& wanted = cluster.spec.services.read;
  auto selector = cluster_selector(names);
  selector[crd::labels::role] = crd::labels::replica;
  return service(cluster, names.read_service(),
                 {{"type", mapping::encode(wanted.type)},
                  {"selector", std::move(selector)},
                  {"ports", json::array{port("client", crd::client_port)}}},
                 wanted.annotations);
}

}  // namespace cluster::desired
