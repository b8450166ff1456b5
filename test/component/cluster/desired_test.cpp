#include "common/kube/kinds.hpp"
#include "operator/cluster/desired/config_map.hpp"
#include "operator/cluster/desired/drift.hpp"
#include "operator/cluster/desired/network_policy.hpp"
#include "operator/cluster/desired/pod_disruption_budget.hpp"
#include "operator/cluster/desired/secrets.hpp"
#include "operator/cluster/desired/services.hpp"
#include "operator/cluster/desired/stateful_set.hpp"
#include "test/component/kube/reached.hpp"
#include "test/support/clusters.hpp"
#include "test/support/control_plane.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <utility>
#include <vector>

namespace {

namespace kinds = kube::kinds;
using Wanted = std::pair<kube::Resource, json::object>;

std::vector<Wanted> objects(crd::ValkeyCluster const& cluster) {
  using namespace cluster::desired;
  return {{kinds::stateful_set, stateful_set(cluster, 0)},
          {kinds::config_map, config_map(cluster)},
          {kinds::service, headless_service(cluster)},
          {kinds::service, client_service(cluster)},
          {kinds::service, read_service(cluster)},
          {kinds::pod_disruption_budget, pod_disruption_budget(cluster, 0)},
          {kinds::network_policy, network_policy(cluster)},
          {kinds::secret, password_secret(cluster, Secret{std::string{"password"}})},
          {kinds::secret, credentials_secret(cluster, some_credentials(), "user default on")}};
}

std::string name_in(json::object const& object) {
  return mapping::decode<kube::Metadata>(object.at("metadata")).value().name;
}

}  // namespace

SCENARIO("an API server takes our objects, and nothing differs in what it makes of them", "[H73]") {
  auto const* const spec =
      GENERATE("{}", R"({"persistence": {"enabled": false}, "replicasPerShard": 0})",
               R"({"resources": {"requests": {"cpu": "1000m", "memory": "1024Mi"},
                                 "limits": {"memory": 2147483648}},
                   "image": {"pullSecrets": [{"name": "registry"}]},
                   "tls": {"enabled": true, "secretName": "mine"}, "metrics": {"enabled": true},
                   "persistence": {"size": "2048Mi", "storageClassName": "fast"},
                   "services": {"client": {"type": "LoadBalancer", "annotations": {"a": "b"}}},
                   "scheduling": {"spread": "Required", "nodeSelector": {"a": "b"},
                                  "tolerations": [{"operator": "Exists"}],
                                  "affinity": {"nodeAffinity": {}}}})");
  CAPTURE(spec);
  ControlPlane const control_plane;
  Namespace const space;
  auto cluster = a_cluster(spec);
  cluster.metadata.namespace_ = space.name();
  CHECK(ask(control_plane.api_server(), [&](kube::Client& client) -> Task<> {
    for (auto const& [kind, wanted] : objects(cluster)) {
      kube::ObjectRef const ref{space.name(), name_in(wanted)};
      INFO(kind.kind << " " << ref.text());
      CO_TRY(auto const applied, co_await client.apply(kind, ref, wanted));
      CHECK(cluster::desired::is_as_wanted(wanted, applied));
      CO_TRY(auto const again, co_await client.apply(kind, ref, wanted));
      CHECK(again.at("metadata").at("resourceVersion") ==
            applied.at("metadata").at("resourceVersion"));
    }
    co_return ok;
  }));
}
