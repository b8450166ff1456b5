#include "operator/settings.hpp"

#include "common/kube/names.hpp"

#include <charconv>

namespace {

Flag::Take lease_into(std::string& target) {
  return [&target](std::string const& given) -> Result<> {
    if (!kube::is_dns_subdomain(given))
      return invalid("must be at most 253 of a-z, 0-9 and, between them, '-' and '.'");
    target = given;
    return ok;
  };
}

Flag::Take namespace_into(std::string& target) {
  return [&target](std::string const& given) -> Result<> {
    if (!kube::is_dns_label(given))
      return invalid("must be at most 63 of a-z, 0-9 and, between them, '-'");
    target = given;
    return ok;
  };
}

Flag::Take workers_into(std::size_t& target) {
  return [&target](std::string const& given) -> Result<> {
    constexpr std::size_t most = 1000;
    std::size_t count = 0;
    auto const* const end = given.data() + given.size();
    auto const [rest, error] = std::from_chars(given.data(), end, count);
    if (error != std::errc{} || rest != end || count < 1 || count > most)
      return invalid("must be a number from 1 to 1000");
    target = count;
    return ok;
  };
}

}  // namespace

Settings defaults(Environment const& environment) {
  Settings settings;
  settings.lease_namespace = value_of("POD_NAMESPACE", environment);
  settings.watched_namespace = value_of("WATCH_NAMESPACE", environment);
  return settings;
}

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
       .target = switch_into(settings.leader_elect)},
      {.name = "--leader-elect-resource-name",
       .value = "NAME",
       .meaning = "The lease (default valkey-operator)",
       .target = lease_into(settings.lease_name)},
      {.name = "--leader-elect-resource-namespace",
       .value = "NAME",
       .meaning = "Its namespace (default: POD_NAMESPACE, else that of the pod, or of the context)",
       .target = namespace_into(settings.lease_namespace)},
      {.name = "--watch-namespace",
       .value = "NAME",
       .meaning = "Look after the clusters of this namespace only (default: WATCH_NAMESPACE, else "
                  "all)",
       .target = namespace_into(settings.watched_namespace)},
      {.name = "--max-concurrent-reconciles",
       .value = "NUMBER",
       .meaning = "How many clusters are looked at at once (default 10)",
       .target = workers_into(settings.workers)}};
  for (auto& flag : flags_of(settings.monitoring)) flags.push_back(std::move(flag));
  flags.push_back({.name = "--metrics-cert-path",
                   .value = "FOLDER",
                   .meaning = "Answer /metrics over TLS with tls.crt and tls.key of this folder, "
                              "and only to tokens that may get /metrics",
                   .target = text_into(settings.monitoring.metrics_certificates)});
  return flags;
}
