#include "common/kube/context.hpp"

#include "common/ascii.hpp"
#include "common/base64.hpp"
#include "common/file.hpp"
#include "common/kube/names.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/ranges.h>
#include <utility>

namespace kube {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20U;

/// Where a field stands, for errors and relative paths.
struct Place {
  std::string file;
  std::string entry;  ///< `kubeconfig /x/y: context "prod": users[alice].user`

  std::string field(std::string_view name) const { return entry + "." + std::string{name}; }
  Failure wrong(std::string_view name, std::string const& what) const {
    return invalid(field(name) + ": " + what);
  }
};

Secret copy(std::string_view secret) { return Secret{std::string{secret}}; }

std::string absolute(Place const& place, std::string const& path) {
  auto const folder = std::filesystem::path{place.file}.parent_path();
  return (folder / path).lexically_normal().string();
}

/// A file that has to be there, for the path that `field` gives.
Result<std::string> readable(Place const& place, std::string_view field, std::string const& path) {
  auto file = absolute(place, path);
  auto const content = read_file(file, most_bytes);
  if (!content) return Failure{Error{content.error()}.during(place.field(field))};
  return file;
}

/// PEM that `field` names the file of, unless field-data has it, which counts more.
Result<std::optional<net::Pem>> material(Place const& place, std::string const& field,
                                         std::string const& path, std::string_view encoded) {
  if (!encoded.empty()) {
    auto decoded = base64::decoded(encoded);
    if (!decoded || decoded->empty()) return place.wrong(field + "-data", "not base64");
    return net::Pem{Secret{*std::move(decoded)}};
  }
  if (path.empty()) return std::nullopt;
  TRY(auto file, readable(place, field, path));
  return net::Pem{net::PemFile{std::move(file)}};
}

std::string_view text_of(std::optional<Secret> const& secret) {
  return secret ? secret->reveal() : std::string_view{};
}

Result<net::Url> server_url(Place const& place, ClusterEntry const& cluster) {
  if (cluster.server.empty()) return place.wrong("server", "is missing: https://<host>:<port>");
  auto url = net::parse_url(cluster.server);
  if (!url) return Failure{std::move(url).error().during(place.field("server"))};
  if (url->scheme != "https" && url->scheme != "http")
    return place.wrong("server", "only https:// and http:// are supported");
  if (url->user) return place.wrong("server", "a user does not belong there but under users");
  return url;
}

Server server_of(net::Url const& url) {
  auto const scheme = url.is_https() ? Server::Scheme::Https : Server::Scheme::Http;
  return {.scheme = scheme, .endpoint = url.endpoint(), .path = url.path};
}

Result<std::optional<net::ProxyServer>> proxy_of(Place const& place, ClusterEntry const& cluster,
                                                 net::Url const& server,
                                                 Environment const& environment) {
  if (cluster.proxy_url.empty()) return net::proxy_for(server, environment);
  auto proxy = net::parse_proxy(cluster.proxy_url);
  if (!proxy) return Failure{std::move(proxy).error().during(place.field("proxy-url"))};
  return std::optional{*std::move(proxy)};
}

Result<> trust(Place const& place, ClusterEntry const& cluster, net::TlsSettings& tls) {
  TRY(tls.authorities, material(place, "certificate-authority", cluster.certificate_authority,
                                cluster.certificate_authority_data));
  if (!cluster.insecure_skip_tls_verify) return ok;
  if (tls.authorities)
    return place.wrong("insecure-skip-tls-verify",
                       "contradicts the certificate authority: remove one of the two");
  tls.peer = net::PeerCheck::None;
  return ok;
}

/// client-go validateAuthInfo: a certificate needs a key; a key alone is ignored.
Result<> identify(Place const& place, UserEntry const& user, net::TlsSettings& tls) {
  TRY(auto certificates,
      material(place, "client-certificate", user.client_certificate, user.client_certificate_data));
  if (!certificates) return ok;
  TRY(auto key, material(place, "client-key", user.client_key, text_of(user.client_key_data)));
  if (!key) return place.wrong("client-key", "is missing: a client certificate needs its key");
  tls.identity = net::Identity{*std::move(certificates), *std::move(key)};
  return ok;
}

/// The authority's PEM for a plugin, which is never given a path.
Result<std::string> authority_text(net::Pem const& authority) {
  if (auto const* const pem = std::get_if<Secret>(&authority)) return std::string{pem->reveal()};
  auto const* const file = std::get_if<net::PemFile>(&authority);
  return read_file(file ? file->path : "", most_bytes);
}

/// What a plugin is told about the server (client-go rest.ConfigToExecCluster).
Result<json::object> exec_cluster(ClusterEntry const& cluster, net::TlsSettings const& tls) {
  json::object told{{"server", cluster.server}};
  if (!cluster.tls_server_name.empty()) told["tls-server-name"] = cluster.tls_server_name;
  if (cluster.insecure_skip_tls_verify) told["insecure-skip-tls-verify"] = true;
  if (tls.authorities) {
    TRY(auto const pem, authority_text(*tls.authorities));
    told["certificate-authority-data"] = base64::encoded(pem);
  }
  if (!cluster.proxy_url.empty()) told["proxy-url"] = cluster.proxy_url;
  if (cluster.disable_compression) told["disable-compression"] = true;
  for (auto const& extension : cluster.extensions)
    if (extension.name == "client.authentication.k8s.io/exec") told["config"] = extension.extension;
  return told;
}

Result<> check_plugin(Place const& place, ExecEntry const& exec) {
  constexpr std::string_view group = "client.authentication.k8s.io/";
  bool const is_v1 = exec.api_version == std::string{group} + "v1";
  if (exec.command.empty()) return place.wrong("exec.command", "is missing");
  if (!is_v1 && exec.api_version != std::string{group} + "v1beta1")
    return place.wrong("exec.apiVersion",
                       "has to be client.authentication.k8s.io/v1 or /v1beta1: "
                       "update the plugin and what it wrote here");
  if (exec.interactive_mode == "Always")
    return place.wrong("exec.interactiveMode",
                       "is Always, but there is no terminal: use a plugin that never asks");
  bool const known = exec.interactive_mode == "Never" || exec.interactive_mode == "IfAvailable";
  if (!known && (is_v1 || !exec.interactive_mode.empty()))
    return place.wrong("exec.interactiveMode", "has to be Never or IfAvailable");
  for (auto const& variable : exec.env)
    if (variable.name.empty() || variable.name.contains('='))
      return place.wrong("exec.env", "a variable has no name, or one with = in it");
  return ok;
}

/// A command with a slash is relative to the kubeconfig's folder, any other is looked for in PATH.
Result<ExecPlugin> plugin(Place const& place, ExecEntry const& exec, ClusterEntry const& cluster,
                          net::TlsSettings const& tls) {
  TRY(check_plugin(place, exec));
  ExecPlugin plugin;
  plugin.command = exec.command.contains('/') ? absolute(place, exec.command) : exec.command;
  plugin.arguments = exec.args;
  for (auto const& variable : exec.env) plugin.variables[variable.name] = text_of(variable.value);
  plugin.api_version = exec.api_version;
  plugin.install_hint = exec.install_hint;
  plugin.origin = place.field("exec");
  if (exec.provide_cluster_info) {
    TRY(plugin.cluster, exec_cluster(cluster, tls));
  }
  return plugin;
}

/// What goes before what is client-go's choice: a token file before a token, either before a
/// certificate, and a plugin only if there is nothing else (exec.UpdateTransportConfig).
Result<Login> login(Place const& place, UserEntry const& user, ClusterEntry const& cluster,
                    net::TlsSettings const& tls) {
  if (!ascii::is_visible(text_of(user.token)))
    return place.wrong("token", "contains what a header cannot: write it in one line");
  if (user.username.contains(':'))
    return place.wrong("username", "must not contain a colon (RFC 7617)");
  bool const is_basic = !user.username.empty() || user.password;
  if (user.token && is_basic)
    return place.wrong("token", "contradicts username and password: remove one of the two");
  if (!user.auth_provider.is_null())
    return place.wrong("auth-provider",
                       "is no longer supported by Kubernetes: use an exec plugin, which the "
                       "cluster's provider documents (gke-gcloud-auth-plugin, kubelogin)");
  if (!user.token_file.empty()) {
    auto file = user.token ? absolute(place, user.token_file) : std::string{};
    if (!user.token) {
      TRY(file, readable(place, "tokenFile", user.token_file));
    }
    return TokenFile{std::move(file), user.token};
  }
  if (user.token) return BearerToken{*user.token};
  if (is_basic) return BasicAccount{user.username, copy(text_of(user.password))};
  if (!user.exec || tls.identity) return Login{};
  TRY(auto found, plugin(place, *user.exec, cluster, tls));
  return Login{std::move(found)};
}

Result<Impersonation> impersonation(Place const& place, UserEntry const& user) {
  bool const has_more =
      !user.as_uid.empty() || !user.as_groups.empty() || !user.as_user_extra.empty();
  if (user.as.empty() && has_more)
    return place.wrong("as", "is missing: a uid, groups or extra are of a user");
  return Impersonation{user.as, user.as_uid, user.as_groups, user.as_user_extra};
}

template <class Entry>
std::string names_of(ByName<Entry> const& entries) {
  std::string names;
  for (auto const& [name, entry] : entries) names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? "none" : names;
}

/// The entry that the context refers to by `name`.
template <class Entry>
Result<Located<Entry>> referred(ByName<Entry> const& entries, Place const& context,
                                std::string_view field, std::string const& name) {
  if (name.empty()) return context.wrong(field, "is missing");
  auto const found = entries.find(name);
  if (found == entries.end())
    return context.wrong(field, "there is no \"" + name + "\" among the " + std::string{field} +
                                    "s: " + names_of(entries));
  return found->second;
}

std::string origin_of(std::string_view context, std::string_view file) {
  return fmt::format("kubeconfig {}: context \"{}\"", file, context);
}

Result<Located<ContextEntry>> chosen(Kubeconfig const& config, std::string const& wanted) {
  auto const& name = wanted.empty() ? config.current_context : wanted;
  auto const found = config.contexts.find(name);
  if (found != config.contexts.end()) return found->second;
  auto const field = fmt::format("kubeconfig {}: {}", fmt::join(config.files, ", "),
                                 wanted.empty() ? "current-context: " : "");
  auto const missing =
      name.empty() ? "is missing" : fmt::format("there is no context \"{}\"", name);
  return invalid(
      fmt::format("{}{}: name one of the contexts: {}", field, missing, names_of(config.contexts)));
}

}  // namespace

Result<Config> resolve(Kubeconfig const& config, std::string_view name,
                       Environment const& environment) {
  std::string const context_name{name.empty() ? config.current_context : name};
  TRY(auto const context, chosen(config, std::string{name}));
  auto const place = [&](std::string const& file, std::string const& entry) {
    return Place{file, origin_of(context_name, file) + ": " + entry};
  };
  Config result;
  result.origin = origin_of(context_name, context.file);
  auto const here = place(context.file, "contexts[" + context_name + "].context");
  TRY(auto const cluster, referred(config.clusters, here, "cluster", context.entry.cluster));
  TRY(auto const user, referred(config.users, here, "user", context.entry.user));
  if (!context.entry.namespace_.empty()) result.namespace_name = context.entry.namespace_;
  if (!is_dns_label(result.namespace_name))
    return here.wrong("namespace", "is not a name that a namespace can have");

  auto const there = place(cluster.file, "clusters[" + context.entry.cluster + "].cluster");
  TRY(auto const url, server_url(there, cluster.entry));
  result.server = server_of(url);
  TRY(result.proxy, proxy_of(there, cluster.entry, url, environment));

  auto const who = place(user.file, "users[" + context.entry.user + "].user");
  TRY(result.impersonation, impersonation(who, user.entry));
  if (result.server.scheme == Server::Scheme::Http) return result;
  result.server_name = cluster.entry.tls_server_name;
  TRY(trust(there, cluster.entry, result.tls));
  TRY(identify(who, user.entry, result.tls));
  TRY(result.login, login(who, user.entry, cluster.entry, result.tls));
  return result;
}

}  // namespace kube
