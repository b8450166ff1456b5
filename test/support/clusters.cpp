#include "test/support/clusters.hpp"

#include <boost/json/parse.hpp>

crd::ValkeyCluster a_cluster(std::string_view spec) {
  crd::ValkeyCluster made;
  made.metadata.name = "cache";
  made.metadata.namespace_ = "demo";
  made.metadata.uid = "5f8bb0f4-7a3c-4b1e-9d53-6a1c2f0e8d11";
  made.spec = mapping::decode<crd::ValkeyClusterSpec>(json::parse(spec), "spec").value();
  return made;
}

cluster::Credentials some_credentials() {
  return {.operator_ = Secret{std::string{"one"}},
          .replication = Secret{std::string{"two"}},
          .probe = Secret{std::string{"three"}},
          .exporter = Secret{std::string{"four"}}};
}
