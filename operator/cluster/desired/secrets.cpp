#include "operator/cluster/desired/secrets.hpp"

#include "common/base64.hpp"
#include "common/kube/kinds.hpp"
#include "operator/cluster/desired/metadata.hpp"

namespace cluster::desired {
namespace {

json::object secret(crd::ValkeyCluster const& cluster, std::string const& name, json::object data) {
  auto whole =
      owned(kube::kinds::secret, cluster, name, cluster_labels(crd::Names{cluster.metadata}));
  whole["type"] = "Opaque";
  whole["data"] = std::move(data);
  return whole;
}

std::string written(Secret const& password) { return base64::encoded(password.reveal()); }

}  // namespace

json::object password_secret(crd::ValkeyCluster const& cluster, Secret const& password) {
  auto const key = crd::SecretKey{}.key;
  return secret(cluster, crd::Names{cluster.metadata}.password_secret(),
                {{key, written(password)}});
}

json::object credentials_secret(crd::ValkeyCluster const& cluster, Credentials const& credentials,
                                std::string const& users_acl) {
  return secret(cluster, crd::Names{cluster.metadata}.credentials_secret(),
                {{keys::operator_password, written(credentials.operator_)},
                 {keys::replication_password, written(credentials.replication)},
                 {keys::probe_password, written(credentials.probe)},
                 {keys::exporter_password, written(credentials.exporter)},
                 {keys::users_acl, base64::encoded(users_acl)},
                 {keys::replication_conf, base64::encoded(replication_conf(credentials))}});
}

}  // namespace cluster::desired
