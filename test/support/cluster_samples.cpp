#include "test/support/cluster_samples.hpp"

std::vector<ClusterSample> const& cluster_samples() {
  static std::vector<ClusterSample> const samples{
      {"{}", {}},
      {R"({"shards": 1, "replicasPerShard": 0})", {}},
      {R"({"shards": 250, "replicasPerShard": 1})", {}},
      {R"({"shards": 0})", {"spec.shards"}},
      {R"({"replicasPerShard": 6})", {"spec.replicasPerShard"}},
      {R"({"replicasPerShard": -1})", {"spec.replicasPerShard"}},
      {R"({"shards": 250, "replicasPerShard": 2})", {"spec"}},
      {R"({"image": {"tag": ":"}})", {"spec.image.tag"}},
      {R"({"image": {"repository": "valkey:9"}})", {"spec.image.repository"}},
      {R"({"image": {"pullSecrets": [{"name": "a"}, {"name": "a"}]}})", {"spec.image.pullSecrets"}},
      {R"({"config": {"maxmemory-policy": "allkeys-lru", "maxclients": 100}})", {}},
      {R"({"config": {"port": "1"}})", {"spec.config"}},
      {R"({"config": {"user": "x on"}})", {"spec.config"}},
      {R"({"config": {"MaxClients": "1"}})", {"spec.config"}},
      {R"({"config": {"maxclients": "1\nport 2"}})", {"spec.config[maxclients]"}},
      {R"({"auth": {"passwordSecret": {"name": "mine"}}})", {}},
      {R"({"auth": {"passwordSecret": {"name": "Mine"}}})", {"spec.auth.passwordSecret.name"}},
      {R"({"users": [{"name": "app", "commands": ["+@read"], "keys": ["app:*"]}]})", {}},
      {R"({"users": [{"name": "default"}]})", {"spec.users[0].name"}},
      {R"({"users": [{"name": "valkey-operator"}]})", {"spec.users[0].name"}},
      {R"({"users": [{"name": "a"}, {"name": "a"}]})", {"spec.users"}},
      {R"({"users": [{"name": "a", "commands": ["+get +set"]}]})", {"spec.users[0].commands[0]"}},
      {R"({"tls": {"enabled": true, "secretName": "mine"}})", {}},
      {R"({"tls": {"enabled": true, "issuerRef": {"name": "ca", "kind": "ClusterIssuer"}}})", {}},
      {R"({"tls": {"enabled": true}})", {"spec.tls"}},
      {R"({"tls": {"secretName": "a", "issuerRef": {"name": "b"}}})", {"spec.tls"}},
      {R"({"tls": {"duration": "2h", "renewBefore": "3h"}})", {"spec.tls.renewBefore"}},
      {R"({"tls": {"duration": "30m", "renewBefore": "10m"}})", {"spec.tls.duration"}},
      {R"({"persistence": {"enabled": false}})", {}},
      {R"({"persistence": {"size": 1000000000}})", {}},
      {R"({"persistence": {"size": "big"}})", {"spec.persistence.size"}},
      {R"({"persistence": {"rdb": {"saveRules": ["300"]}}})",
       {"spec.persistence.rdb.saveRules[0]"}},
      {R"({"persistence": {"rdb": {"saveRules": []}}})", {"spec.persistence.rdb.saveRules"}},
      {R"({"resources": {"limits": {"memory": "1Gi"}}})", {}},
      {R"({"resources": {"limits": {"memory": "much"}}})", {"spec.resources.limits[memory]"}},
      {R"({"scheduling": {"nodeSelector": {"disk": "-"}}})",
       {"spec.scheduling.nodeSelector[disk]"}},
      {R"({"podLabels": {"team": "blue"}, "podAnnotations": {"note": "two\nlines"}})", {}},
      {R"({"podLabels": {"valkey-operator.dev/cluster": "other"}})", {"spec.podLabels"}},
      {R"({"podLabels": {"app.kubernetes.io/instance": "other"}})", {"spec.podLabels"}},
      {R"({"podAnnotations": {"valkey-operator.dev/x": ""}})", {"spec.podAnnotations"}},
      {R"({"metrics": {"port": 80}})", {"spec.metrics.port"}},
      {R"({"metrics": {"port": 6379}})", {"spec.metrics.port"}},
  };
  return samples;
}

std::vector<ClusterChange> const& cluster_changes() {
  static std::vector<ClusterChange> const changes{
      {"{}", R"({"shards": 5, "paused": true})", {}},
      {"{}", R"({"persistence": {"size": "20Gi"}})", {}},
      {"{}", R"({"persistence": {"size": "10240Mi"}})", {}},
      {"{}", R"({"persistence": {"size": "9Gi"}})", {"spec.persistence.size"}},
      {"{}", R"({"persistence": {"enabled": false}})", {"spec.persistence.enabled"}},
      {"{}", R"({"persistence": {"storageClassName": "fast"}})", {"spec.persistence"}},
  };
  return changes;
}
