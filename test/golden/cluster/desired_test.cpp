#include "operator/cluster/desired/certificate.hpp"
#include "operator/cluster/desired/config_map.hpp"
#include "operator/cluster/desired/network_policy.hpp"
#include "operator/cluster/desired/pod_disruption_budget.hpp"
#include "operator/cluster/desired/secrets.hpp"
#include "operator/cluster/desired/services.hpp"
#include "operator/cluster/desired/stateful_set.hpp"
#include "test/golden/expected.hpp"
#include "test/golden/yaml.hpp"
#include "test/support/clusters.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace cluster;

constexpr std::string_view everything = R"({
  "shards": 4, "replicasPerShard": 2,
  "image": {"repository": "registry.example:5000/valkey", "tag": "9.1.3", "pullPolicy": "Always",
            "pullSecrets": [{"name": "registry"}]},
  "config": {"maxmemory-policy": "allkeys-lru", "maxclients": 100, "tls-protocols": "TLSv1.2 TLSv1.3",
             "cluster-node-timeout": "3000", "notify-keyspace-events": "\"\""},
  "users": [{"name": "app", "passwordSecrets": [{"name": "a"}, {"name": "b"}], "keys": ["app:*"],
             "commands": ["+@read", "-@dangerous"], "channels": ["news:*"], "raw": ["%R~shared:*"]}],
  "tls": {"enabled": true, "issuerRef": {"name": "ca", "kind": "ClusterIssuer"},
          "clientAuth": "Required"},
  "persistence": {"size": "1Ti", "storageClassName": "fast", "retain": "Delete",
                  "aof": {"fsync": "always"}, "rdb": {"enabled": false}},
  "resources": {"requests": {"cpu": 2, "memory": "4Gi"}, "limits": {"memory": "4Gi"}},
  "scheduling": {
    "nodeSelector": {"disk": "ssd"}, "priorityClassName": "high", "spread": "Required",
    "tolerations": [{"key": "dedicated", "operator": "Equal", "value": "valkey",
                     "effect": "NoSchedule"}],
    "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
      "nodeSelectorTerms": [{"matchExpressions": [
        {"key": "arch", "operator": "In", "values": ["amd64"]}]}]}}},
    "topologySpreadConstraints": [{"maxSkew": 2, "topologyKey": "zone",
                                   "whenUnsatisfiable": "DoNotSchedule"}]},
  "podLabels": {"team": "blue"}, "podAnnotations": {"note": "n"},
  "services": {"client": {"type": "LoadBalancer", "annotations": {"lb": "internal"}},
               "read": {"enabled": true, "type": "NodePort"}},
  "metrics": {"enabled": true, "port": 9999}})";

void check(std::string const& name, json::object const& object) {
  auto const text = yaml(object);
  CHECK(text == expected(name + ".yaml", text));
}

PasswordHashes some_hashes() {
  return {.default_user = std::string(64, 'd'),
          .users = {{"app", {std::string(64, 'a'), std::string(64, 'b')}}}};
}

}  // namespace

TEST_CASE("the objects of a cluster that says nothing") {
  auto const cluster = a_cluster();
  auto const acl = desired::users_acl(cluster.spec, some_credentials(), some_hashes());
  check("minimal-stateful-set", desired::stateful_set(cluster, 0));
  check("minimal-config-map", desired::config_map(cluster));
  check("minimal-headless-service", desired::headless_service(cluster));
  check("minimal-client-service", desired::client_service(cluster));
  check("minimal-pod-disruption-budget", desired::pod_disruption_budget(cluster, 2));
  check("minimal-network-policy", desired::network_policy(cluster));
  check("minimal-password-secret",
        desired::password_secret(cluster, Secret{std::string{"password"}}));
  check("minimal-credentials-secret",
        desired::credentials_secret(cluster, some_credentials(), acl));
  CHECK(acl == expected("minimal-users.acl", acl));
}

TEST_CASE("the objects of a cluster that says everything") {
  auto const cluster = a_cluster(everything);
  auto const acl = desired::users_acl(cluster.spec, some_credentials(), some_hashes());
  check("whole-stateful-set", desired::stateful_set(cluster, 3));
  check("whole-config-map", desired::config_map(cluster));
  check("whole-client-service", desired::client_service(cluster));
  check("whole-read-service", desired::read_service(cluster));
  check("whole-network-policy", desired::network_policy(cluster));
  check(
      "whole-certificate",
      desired::certificate(cluster, cluster.spec.tls.issuer_ref.value_or(crd::IssuerReference{})));
  CHECK(acl == expected("whole-users.acl", acl));
}

TEST_CASE("the objects of a cache that keeps nothing") {
  check("cache-stateful-set",
        desired::stateful_set(a_cluster(R"({"persistence": {"enabled": false}})"), 0));
}

/// Another revision would have a new release find all pods out of date.
TEST_CASE("[H34] a spec has the same pod revision for ever") {
  CHECK(desired::pod_revision(a_cluster().spec) == "5758ceceaefb");
  CHECK(desired::pod_revision(a_cluster(everything).spec) == "815aaa785955");
}
