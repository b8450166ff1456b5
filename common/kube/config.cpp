#include "common/kube/config.hpp"

#include "common/ascii.hpp"
#include "common/file.hpp"
#include "common/kube/context.hpp"
#include "common/kube/kubeconfig.hpp"
#include "common/logging.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/ranges.h>
#include <utility>

namespace kube {
namespace {

constexpr std::size_t most_bytes = std::size_t{4} << 20U;

/// The server as the variables of a pod name it, as a URL.
Result<net::Url> server_of_pod(Environment const& environment) {
  auto const host = value_of("KUBERNETES_SERVICE_HOST", environment);
  auto const port = value_of("KUBERNETES_SERVICE_PORT", environment);
  if (host.empty() || port.empty())
    return not_found("not in a pod: KUBERNETES_SERVICE_HOST and _PORT are not set");
  auto const bracketed = host.contains(':') ? "[" + std::string{host} + "]" : std::string{host};
  auto url = net::parse_url("https://" + bracketed + ":" + std::string{port});
  if (!url) return Failure{std::move(url).error().during("KUBERNETES_SERVICE_HOST and _PORT")};
  return url;
}

/// A file of the pod's account without the space around it; empty where there is none.
std::string account_text(std::string const& path) {
  auto const content = read_file(path, most_bytes);
  if (!content) return {};
  return std::string{ascii::trimmed(*content, " \r\n")};
}

std::vector<std::string> split_paths(std::string_view list) {
  std::vector<std::string> paths;
  while (!list.empty()) {
    auto const end = std::min(list.find(':'), list.size());
    std::string path{list.substr(0, end)};
    if (!path.empty() && std::ranges::find(paths, path) == paths.end())
      paths.push_back(std::move(path));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return paths;
}

/// The kubeconfigs that are there, merged.
Result<Kubeconfig> load(std::vector<std::string> const& files, Missing missing) {
  Kubeconfig merged;
  for (auto const& file : files) {
    std::error_code ignored;
    auto const path = std::filesystem::absolute(file, ignored).lexically_normal().string();
    auto content = read_file(path, most_bytes);
    if (!content && content.error().fault == Fault::NotFound && missing == Missing::Skipped)
      continue;
    if (!content)
      return Failure{Error{content.error().fault, "kubeconfig " + content.error().message}};
    Secret const text{*std::move(content)};  // wiped at the end
    TRY(auto parsed, parse_kubeconfig(text.reveal(), path));
    merge(merged, std::move(parsed));
  }
  if (merged.files.empty())
    return not_found(
        fmt::format("kubeconfig {}: not there: name a file that is", fmt::join(files, ", ")));
  return merged;
}

}  // namespace

Result<Config> in_cluster(Environment const& environment, std::string const& account) {
  TRY(auto const url, server_of_pod(environment));
  Config config;
  config.origin = "the pod's account";
  config.server = {.endpoint = url.endpoint(), .path = {}};
  auto const token = account + "/token";
  if (auto const content = read_file(token, most_bytes); !content)
    return Failure{
        Error{content.error()}.during("the pod's account, which it has unless "
                                      "automountServiceAccountToken is false")};
  config.login = TokenFile{token, std::nullopt};
  auto const authority = account + "/ca.crt";
  if (auto const content = read_file(authority, most_bytes); content)
    config.tls.authorities = net::PemFile{authority};
  else
    logging::warning("the pod's account has no certificate authority",
                     {{"error", content.error().message}});
  if (auto name = account_text(account + "/namespace"); !name.empty())
    config.namespace_name = std::move(name);
  TRY(config.proxy, net::proxy_for(url, environment));
  return config;
}

Result<Config> from_kubeconfig(std::vector<std::string> const& files, std::string_view context,
                               Environment const& environment, Missing missing) {
  TRY(auto const config, load(files, missing));
  return resolve(config, context, environment);
}

Result<Config> discover(Wanted const& wanted, Environment const& environment) {
  if (!wanted.kubeconfig.empty())
    return from_kubeconfig({wanted.kubeconfig}, wanted.context, environment);
  if (auto const files = split_paths(value_of("KUBECONFIG", environment)); !files.empty())
    return from_kubeconfig(files, wanted.context, environment, Missing::Skipped);
  auto inside = wanted.context.empty() ? in_cluster(environment, wanted.account)
                                       : not_found("it has no contexts to choose from");
  auto const home = std::string{value_of("HOME", environment)} + "/.kube/config";
  if (inside || !stamp_of(home)) {
    if (inside || inside.error().fault != Fault::NotFound) return inside;
    return not_found("no way to an API server: --kubeconfig is not given, KUBECONFIG not set, " +
                     home +
                     " not there, and the pod's account not usable: " + inside.error().message);
  }
  return from_kubeconfig({home}, wanted.context, environment);
}

}  // namespace kube
