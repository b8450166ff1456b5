#include "operator/cluster/desired/certificate.hpp"

#include "common/kube/kinds.hpp"
#include "operator/cluster/desired/metadata.hpp"

namespace cluster::desired {
namespace {

/// By which clients and peers call a server. Where a cluster's domain is another, its own names
/// work as well: they end in "svc" for who is in it.
json::array dns_names(crd::Names const& names) {
  json::array all{"localhost"};
  std::vector<std::string> services{names.client_service(), names.read_service(),
                                    names.headless_service(), "*." + names.headless_service()};
  for (auto const& service : services)
    for (auto const* const suffix : {"", ".svc", ".svc.cluster.local"})
      all.emplace_back(service + "." + names.namespace_name() + suffix);
  return all;
}

}  // namespace

json::object certificate(crd::ValkeyCluster const& cluster, crd::IssuerReference const& issuer) {
  crd::Names const names{cluster.metadata};
  auto whole = owned(kube::kinds::certificate, cluster, names.certificate(), cluster_labels(names));
  whole["spec"] = json::object{{"secretName", names.certificate()},
                               {"secretTemplate", {{"labels", cluster_labels(names)}}},
                               {"issuerRef", mapping::encode(issuer)},
                               {"duration", cluster.spec.tls.duration},
                               {"renewBefore", cluster.spec.tls.renew_before},
                               {"usages", json::array{"digital signature", "key encipherment",
                                                      "server auth", "client auth"}},
                               {"dnsNames", dns_names(names)},
                               {"ipAddresses", json::array{"127.0.0.1"}},
                               {"privateKey", {{"rotationPolicy", "Always"}}}};
  return whole;
}

}  // namespace cluster::desired
