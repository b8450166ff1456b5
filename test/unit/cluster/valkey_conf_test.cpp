#include "operator/cluster/desired/valkey_conf.hpp"

#include "common/crd/memory.hpp"
#include "test/support/clusters.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace cluster::desired;

std::string conf(std::string_view spec) { return valkey_conf(a_cluster(spec).spec); }

std::optional<std::string> live(std::string_view spec, std::string_view name) {
  for (auto const& directive : live_directives(a_cluster(spec).spec))
    if (directive.name == name) return directive.value;
  return std::nullopt;
}

}  // namespace

SCENARIO("seven tenths of the memory limit are for data") {
  CHECK(crd::derived_max_memory(
            a_cluster(R"({"resources": {"limits": {"memory": "1Gi"}}})").spec) == 751619260);
  CHECK(crd::derived_max_memory(a_cluster().spec) == std::nullopt);
  CHECK(live(R"({"resources": {"limits": {"memory": 1000}}})", "maxmemory") == "700");
}

SCENARIO("what a user chose takes the place of what is usual") {
  CHECK(live("{}", "cluster-node-timeout") == "5000");
  CHECK(live(R"({"config": {"cluster-node-timeout": 2000}})", "cluster-node-timeout") == "2000");
  CHECK(live(R"({"config": {"maxmemory": "1gb"}, "resources": {"limits": {"memory": "2Gi"}}})",
             "maxmemory") == "1gb");
  CHECK_FALSE(valkey_conf_since_9_1(a_cluster().spec).contains("tls-auto-reload-interval"));
  CHECK(valkey_conf_since_9_1(a_cluster(R"({"tls": {"enabled": true}})").spec)
            .contains("tls-auto-reload-interval 10\n"));
}

SCENARIO("[H60][H68] replicas stay with their shard, and failures are noticed in seconds") {
  CHECK(conf("{}").contains("\ncluster-allow-replica-migration no\n"));
  CHECK(conf("{}").contains("\ncluster-node-timeout 5000\n"));
}

SCENARIO("a value is one argument whatever is in it, unless the directive takes words") {
  CHECK(conf(R"({"config": {"a": "b c"}})").ends_with("a \"b c\"\n"));
  CHECK(conf(R"({"config": {"a": ""}})").ends_with("a \"\"\n"));
  CHECK(conf(R"({"config": {"a": "\"b c\""}})").ends_with("a \"b c\"\n"));
  CHECK(conf(R"({"config": {"a": "b\"c\\d"}})").ends_with("a \"b\\\"c\\\\d\"\n"));
  CHECK(conf(R"({"config": {"a": "b'"}})").ends_with("a \"b'\"\n"));
  CHECK(conf(R"({"config": {"loadmodule": "/m.so x"}})").ends_with("loadmodule /m.so x\n"));
  CHECK(live(R"({"config": {"a": "\"\""}})", "a") == "");
}

SCENARIO("what is kept on a volume is kept as the spec says") {
  CHECK(live("{}", "save") == "3600 1 300 100 60 10000");
  CHECK(live(R"({"persistence": {"rdb": {"enabled": false}}})", "save") == "");
  CHECK(live(R"({"persistence": {"aof": {"fsync": "always"}}})", "appendfsync") == "always");
  CHECK(live(R"({"persistence": {"enabled": false}})", "appendonly") == "no");
  CHECK(live(R"({"persistence": {"enabled": false}})", "save") == "");
  CHECK(live(R"({"persistence": {"aof": {"enabled": false}}})", "appendonly") == "no");
}

SCENARIO("[H64] with TLS there is no plain port, and the bus port is named") {
  auto const text = valkey_conf_with_tls();
  CHECK(text.starts_with("port 0\n"));
  CHECK(text.contains("\ntls-port 6379\n"));
  CHECK(text.contains("\ntls-cluster yes\n"));
  CHECK(text.contains("\ntls-replication yes\n"));
}

SCENARIO("what the spec says of TLS changes nothing that a pod without certificates can't be") {
  for (auto const* const spec : {"{}", R"({"tls": {"enabled": true, "secretName": "mine"}})"}) {
    CHECK(conf(spec).starts_with("cluster-port 16379\n"));
    CHECK_FALSE(conf(spec).contains("\nport "));
    CHECK_FALSE(conf(spec).contains("tls-port"));
  }
  CHECK(conf(R"({"tls": {"enabled": true, "secretName": "mine", "clientAuth": "None"}})")
            .contains("\ntls-auth-clients no\n"));
}
