#include "operator/settings.hpp"

std::vector<Flag> flags_of(Settings& settings) {
  std::vector<Flag> flags{
      {.name = "--kubeconfig",
       .value = "FILE",
       .meaning = "The cluster to work for (default: KUBECONFIG, else the pod's own, else "
                  "~/.kube/config)",
       .target = text_into(settings.api.kubeconfig)},
      {.name = "--context",
       .value = "NAME",
       .meaning = "The kubeconfig's context (default: its current one)",
       .target = text_into(settings.api.context)},
      {.name = "--leader-elect",
       .value = {},
       .meaning = "Work only while holding the lease, so that never two do (default; "
                  "--leader-elect=false: work at once, without any)",
       .target = &settings.leader_elect},
      {.name = "--leader-elect-resource-name",
       .value = "NAME",
       .meaning = "The lease (default valkey-operator)",
       .target = text_into(settings.lease_name)},
      {.name = "--leader-elect-resource-namespace",
       .value = "NAME",
       .meaning = "Its namespace (default: that of the pod, or of the context)",
       .target = text_into(settings.lease_namespace)}};
  for (auto& flag : flags_of(settings.monitoring)) flags.push_back(std::move(flag));
  flags.push_back({.name = "--metrics-cert-path",
                   .value = "FOLDER",
                   .meaning = "Answer /metrics over TLS with tls.crt and tls.key of this folder, "
                              "and only to tokens that may get /metrics",
                   .target = text_into(settings.monitoring.metrics_certificates)});
  return flags;
}
