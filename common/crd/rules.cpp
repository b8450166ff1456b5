#include "common/crd/rules.hpp"

#include "common/crd/names.hpp"
#include "common/crd/valkey_cluster_facts.hpp"
#include "common/crd/valkey_upgrade_facts.hpp"

namespace crd {
namespace {

void check_name(kube::Metadata const& metadata, schema::Format const& format,
                schema::Violations& found) {
  schema::Member const facts{.name = "name", .about = {}, .format = &format};
  mapping::Path const root{"metadata"};
  schema::Type<std::string>::check(metadata.name, &facts, root.member("name"), found);
}

}  // namespace

schema::Violations violations(ValkeyCluster const& cluster) {
  auto found = schema::violations(cluster.spec, "spec");
  check_name(cluster.metadata, cluster_name, found);
  return found;
}

schema::Violations violations(ValkeyCluster const& before, ValkeyCluster const& after) {
  return schema::violations(before.spec, after.spec, "spec");
}

schema::Violations violations(ValkeyUpgrade const& upgrade) {
  auto found = schema::violations(upgrade.spec, "spec");
  check_name(upgrade.metadata, formats::dns_subdomain, found);
  return found;
}

schema::Violations violations(ValkeyUpgrade const& before, ValkeyUpgrade const& after) {
  return schema::violations(before.spec, after.spec, "spec");
}

}  // namespace crd
