#pragma once
#include "common/environment.hpp"
#include "common/json/json.hpp"
#include "common/net/endpoint.hpp"
#include "common/net/proxy.hpp"
#include "common/net/tls.hpp"
#include "common/result.hpp"
#include "common/secret.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Where the API server is and how to prove who we are.
namespace kube {

struct Server {
  enum class Scheme { Http, Https };

  Scheme scheme = Scheme::Https;
  net::Endpoint endpoint;
  std::string path;  ///< what every path begins with: empty, or "/k8s/clusters/c-1"
};

struct BearerToken {
  Secret token;
};

/// A file that is replaced while we run; `token` is what counts until it can be read.
struct TokenFile {
  std::string path;
  std::optional<Secret> token;
};

struct BasicAccount {
  std::string user;
  Secret password;
};

/// A program that tells credentials (client.authentication.k8s.io).
struct ExecPlugin {
  std::string command;  ///< absolute, or a name to look for in PATH
  std::vector<std::string> arguments;
  Environment variables;  ///< in addition to ours
  std::string api_version;
  std::string install_hint;
  std::optional<json::object> cluster;  ///< what it is told about the server, if anything
  std::string origin;  ///< `kubeconfig /x/y: context "prod": users[alice].user.exec`
};

using Login = std::variant<std::monostate, BearerToken, TokenFile, BasicAccount, ExecPlugin>;

/// Whom to act as, by the Impersonate- headers. Without a user there is none.
struct Impersonation {
  std::string user;
  std::string uid;
  std::vector<std::string> groups;
  std::map<std::string, std::vector<std::string>> extra;
};

struct Config {
  std::string origin;  ///< `kubeconfig /x/y: context "prod"`, or "the pod's account"
  Server server;
  net::TlsSettings tls;
  std::string server_name;  ///< whom its certificate has to name; empty: the host
  Login login;  ///< none for http://, over which no credentials are sent, as by client-go
  std::optional<net::ProxyServer> proxy;
  std::string namespace_name = "default";
  Impersonation impersonation;
};

inline constexpr std::string_view account_folder = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The account that Kubernetes gives a pod (client-go rest.InClusterConfig): its token and
/// authority are files in `account`. NotFound outside of a pod.
Result<Config> in_cluster(Environment const& environment,
                          std::string const& account = std::string{account_folder});

enum class Missing { Refused, Skipped };

/// What `context` of these kubeconfigs says, or of their current context if it is empty. Errors say
/// which file, context and field they are about, and never what a secret is.
Result<Config> from_kubeconfig(std::vector<std::string> const& files, std::string_view context,
                               Environment const& environment, Missing missing = Missing::Refused);

struct Wanted {
  std::string kubeconfig;  ///< --kubeconfig
  std::string context;     ///< --context
  std::string account{account_folder};
};

/// --kubeconfig, else the files in KUBECONFIG, else the pod's account, else ~/.kube/config: the
/// order of controller-runtime's GetConfig. (kubectl and BuildConfigFromFlags look at the pod's
/// account last or not at all.)
Result<Config> discover(Wanted const& wanted, Environment const& environment);

}  // namespace kube
