#include "operator/cluster/desired/valkey_conf.hpp"

#include "common/ascii.hpp"
#include "common/crd/memory.hpp"
#include "common/crd/names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cluster::desired {
namespace {

using Directives = std::vector<Directive>;

std::string yes_or_no(bool answer) { return answer ? "yes" : "no"; }

/// What users may choose otherwise.
Directives usual(crd::ValkeyClusterSpec const& spec) {
  Directives chosen{
      {"cluster-node-timeout", "5000"},
      {"repl-diskless-sync-delay", "0"},
      {"repl-backlog-size", "64mb"},
      {"client-output-buffer-limit", "normal 0 0 0 replica 512mb 128mb 60 pubsub 32mb 8mb 60"},
      {"latency-monitor-threshold", "25"},
      {"cluster-preferred-endpoint-type", spec.tls.enabled ? "hostname" : "ip"},
  };
  if (auto const bytes = crd::derived_max_memory(spec))
    chosen.push_back({"maxmemory", std::to_string(*bytes)});
  return chosen;
}

std::string save_rules(crd::ValkeyClusterSpec const& spec) {
  std::string rules;
  if (spec.persistence.enabled && spec.persistence.rdb.enabled)
    for (auto const& rule : spec.persistence.rdb.save_rules)
      rules += (rules.empty() ? "" : " ") + rule;
  return rules;
}

Directives of_persistence(crd::ValkeyClusterSpec const& spec) {
  auto const& wanted = spec.persistence;
  return {{"appendonly", yes_or_no(wanted.enabled && wanted.aof.enabled)},
          {"appendfsync", mapping::encode_text(wanted.aof.fsync)},
          {"save", save_rules(spec)}};
}

std::string_view auth_clients(crd::ClientCertificates wanted) {
  switch (wanted) {
    case crd::ClientCertificates::None:
      return "no";
    case crd::ClientCertificates::Optional:
      return "optional";
    case crd::ClientCertificates::Required:
      return "yes";
  }
  return "yes";
}

/// The bus port is named, since it would follow from the client port, which TLS changes.
Directives of_cluster() {
  return {{"cluster-port", std::to_string(crd::bus_port)},
          {"protected-mode", "no"},
          {"dir", std::string{folders::data}},
          {"cluster-enabled", "yes"},
          {"cluster-config-file", "nodes.conf"},
          {"cluster-allow-replica-migration", "no"},
          {"aclfile", in_folder(folders::credentials, "users.acl")},
          {"include", in_folder(folders::credentials, "replication.conf")}};
}

/// These read each word of their value as one argument (valkey src/config.c, MULTI_ARG_CONFIG).
bool takes_words(std::string_view name) {
  constexpr auto known = std::to_array<std::string_view>(
      {"client-output-buffer-limit", "latency-tracking-info-percentiles", "loadmodule",
       "oom-score-adj-values", "save", "shutdown-on-sigterm"});
  return std::ranges::find(known, name) != known.end();
}

/// As one argument, whatever is in it (valkey src/sds.c, sdssplitargs).
std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (char const letter : value) {
    if (letter == '"' || letter == '\\') text += '\\';
    text += letter;
  }
  return text + "\"";
}

std::string lines(Directives const& directives) {
  std::string text;
  for (auto const& [name, value] : directives) {
    bool const is_plain = !value.empty() && (takes_words(name) || ascii::is_visible(value));
    bool const has_quotes = value.find_first_of("\"'\\") != std::string::npos;
    text += name + " " + (is_plain && !has_quotes ? value : quoted(value)) + "\n";
  }
  return text;
}

/// Users may write quotes around a value, as they have to in a valkey.conf.
std::string_view unquoted(std::string_view value) {
  bool const is_quoted = value.size() >= 2 && value.starts_with('"') && value.ends_with('"');
  return is_quoted ? value.substr(1, value.size() - 2) : value;
}

/// Unless a user chose otherwise.
Directives unless_chosen(Directives standard, crd::ValkeyClusterSpec const& spec) {
  std::erase_if(standard, [&](Directive const& it) { return spec.config.contains(it.name); });
  return standard;
}

}  // namespace

std::vector<Directive> live_directives(crd::ValkeyClusterSpec const& spec) {
  auto all = unless_chosen(usual(spec), spec);
  for (auto& directive : of_persistence(spec)) all.push_back(std::move(directive));
  all.push_back({"tls-auth-clients", std::string{auth_clients(spec.tls.client_auth)}});
  for (auto const& [name, value] : spec.config)
    all.push_back({name, std::string{unquoted(value.text)}});
  return all;
}

std::string valkey_conf(crd::ValkeyClusterSpec const& spec) {
  return lines(of_cluster()) + lines(live_directives(spec));
}

std::string valkey_conf_without_tls() {
  return lines({{"port", std::to_string(crd::client_port)}});
}

std::string valkey_conf_with_tls() {
  return lines({{"port", "0"},
                {"tls-port", std::to_string(crd::client_port)},
                {"tls-cert-file", in_folder(folders::tls, "tls.crt")},
                {"tls-key-file", in_folder(folders::tls, "tls.key")},
                {"tls-ca-cert-file", in_folder(folders::tls, "ca.crt")},
                {"tls-cluster", "yes"},
                {"tls-replication", "yes"}});
}

std::string valkey_conf_since_9_0(crd::ValkeyClusterSpec const&) {
  return "shutdown-on-sigterm failover\n";
}

std::string valkey_conf_since_9_1(crd::ValkeyClusterSpec const& spec) {
  Directives standard{{"cluster-config-save-behavior", "best-effort"}};
  if (spec.tls.enabled) standard.push_back({"tls-auto-reload-interval", "10"});
  return lines(unless_chosen(std::move(standard), spec));
}

}  // namespace cluster::desired
