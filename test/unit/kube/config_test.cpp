#include "common/kube/config.hpp"

#include "common/base64.hpp"
#include "test/support/captured_errors.hpp"
#include "test/support/folder.hpp"
#include "test/support/present.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

namespace {

using kube::Config;
using net::PemFile;

/// A kubeconfig of one context, "prod", with a cluster "main" and a user "alice".
std::string kubeconfig(std::string_view cluster, std::string_view user,
                       std::string_view context = "") {
  return "current-context: prod\n"
         "clusters: [{name: main, cluster: {server: 'https://api:6443'" +
         std::string{cluster} + "}}]\nusers: [{name: alice, user: {" + std::string{user} +
         "}}]\ncontexts: [{name: prod, context: {cluster: main, user: alice" +
         std::string{context} + "}}]\n";
}

/// The same in a file of a folder that both live as long as the test.
struct Written {
  Folder folder;
  std::string file;
  Written(std::string_view cluster, std::string_view user, std::string_view context = "")
      : file{folder.write("kubeconfig", kubeconfig(cluster, user, context))} {}
  Result<Config> config(Environment const& environment = {}) const {
    return kube::from_kubeconfig({file}, "", environment);
  }
};

Config config(std::string_view cluster, std::string_view user, std::string_view context = "") {
  auto found = Written{cluster, user, context}.config();
  CAPTURE(found ? "" : found.error().message);
  REQUIRE(found);
  return *std::move(found);
}

/// What is wrong, without the name of the file and context.
std::string complaint(std::string_view cluster, std::string_view user,
                      std::string_view context = "") {
  Written const written{cluster, user, context};
  auto const found = written.config();
  REQUIRE(!found);
  auto const& message = found.error().message;
  CHECK(!message.contains("hidden"));
  auto const start = "kubeconfig " + written.file + ": context \"prod\": ";
  REQUIRE(message.starts_with(start));
  return message.substr(start.size());
}

template <class T>
T const& as(auto const& variant) {
  auto const* const found = std::get_if<T>(&variant);
  REQUIRE(found);
  return *found;
}

bool is_none(auto const& variant) { return variant.index() == 0; }

std::string const exec_v1 = "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never";

}  // namespace

SCENARIO("a server is a URL with an optional port and path") {
  auto const plain = config("", "").server;
  CHECK(plain.scheme == kube::Server::Scheme::Https);
  CHECK(plain.endpoint.host == "api");
  CHECK(plain.endpoint.port == 6443);
  CHECK(plain.path.empty());
  Folder const folder;
  auto const file = folder.write("c",
                                 "clusters: [{name: a, cluster: {server: "
                                 "'https://[2001:db8::1]/k8s/'}}]\nusers: [{name: a}]\n"
                                 "contexts: [{name: a, context: {cluster: a, user: a}}]");
  auto const server = kube::from_kubeconfig({file}, "a", {}).value().server;
  CHECK(server.endpoint.host == "2001:db8::1");
  CHECK(server.endpoint.port == 443);
  CHECK(server.path == "/k8s");
}

SCENARIO("a context names a namespace, and default is meant otherwise") {
  CHECK(config("", "").namespace_name == "default");
  CHECK(config("", "").origin.ends_with(": context \"prod\""));
  CHECK(config("", "", ", namespace: valkey").namespace_name == "valkey");
  CHECK(complaint("", "", ", namespace: Valkey") ==
        "contexts[prod].context.namespace: is not a name that a namespace can have");
}

SCENARIO("inline PEM counts more than files") {
  auto const inlined = config(
      ", certificate-authority-data: Y2E=, certificate-authority: missing, "
      "tls-server-name: other",
      "client-certificate-data: Y3J0, client-key-data: a2V5, client-key: missing");
  CHECK(as<Secret>(present(inlined.tls.authorities)) == Secret{"ca"});
  CHECK(as<Secret>(present(inlined.tls.identity).certificates) == Secret{"crt"});
  CHECK(as<Secret>(present(inlined.tls.identity).key) == Secret{"key"});
  CHECK(inlined.server_name == "other");
  CHECK(inlined.tls.peer == net::PeerCheck::Required);
}

SCENARIO("relative paths begin where the kubeconfig is") {
  Written const written{", certificate-authority: pki/../ca.crt",
                        "client-certificate: pki/crt, client-key: pki/key"};
  CHECK(written.config().error() ==
        Error{Fault::NotFound, "kubeconfig " + written.file +
                                   ": context \"prod\": clusters[main].cluster."
                                   "certificate-authority: " +
                                   written.folder.path("ca.crt") + ": No such file or directory"});
  written.folder.write("ca.crt", "ca");
  written.folder.write("pki/crt", "crt");
  written.folder.write("pki/key", "key");
  auto const tls = written.config().value().tls;
  CHECK(as<PemFile>(present(tls.authorities)).path == written.folder.path("ca.crt"));
  CHECK(as<PemFile>(present(tls.identity).certificates).path == written.folder.path("pki/crt"));
  CHECK(as<PemFile>(present(tls.identity).key).path == written.folder.path("pki/key"));
}

SCENARIO("verification is given up only without an authority") {
  CHECK(config(", insecure-skip-tls-verify: true", "").tls.peer == net::PeerCheck::None);
  CHECK(complaint(", insecure-skip-tls-verify: true, certificate-authority-data: Y2E=", "") ==
        "clusters[main].cluster.insecure-skip-tls-verify: contradicts the certificate authority: "
        "remove one of the two");
}

SCENARIO("a user logs in by token, token file or password, or not at all") {
  CHECK(is_none(config("", "").login));
  CHECK(as<kube::BearerToken>(config("", "token: abc").login).token == Secret{"abc"});
  auto const basic = as<kube::BasicAccount>(config("", "username: me, password: p").login);
  CHECK(basic.user == "me");
  CHECK(basic.password == Secret{"p"});
  CHECK(as<kube::BasicAccount>(config("", "username: me").login).password == Secret{""});
  CHECK(complaint("", "username: me, password: hidden, token: hidden") ==
        "users[alice].user.token: contradicts username and password: remove one of the two");
}

SCENARIO("a token file counts more than a token, which counts until it can be read") {
  auto const both = config("", "token: abc, tokenFile: missing");
  CHECK(as<kube::TokenFile>(both.login).token == Secret{"abc"});
  Written const written{"", "tokenFile: token"};
  CHECK(!written.config());
  written.folder.write("token", "abc");
  auto const alone = as<kube::TokenFile>(written.config().value().login);
  CHECK(alone.path == written.folder.path("token"));
  CHECK(!alone.token);
}

SCENARIO("a plugin is used only if there is nothing else") {
  auto const exec = "exec: {command: aws, " + exec_v1 + "}";
  CHECK(as<kube::ExecPlugin>(config("", exec).login).command == "aws");
  CHECK(as<kube::BearerToken>(config("", exec + ", token: abc").login).token == Secret{"abc"});
  CHECK(is_none(config("", exec + ", client-certificate-data: Y3J0, client-key-data: a2V5").login));
}

SCENARIO("a plugin is described as it is to be run") {
  Written const written{
      ", certificate-authority-data: Y2E=, tls-server-name: n, proxy-url: 'http://p', extensions: "
      "[{name: client.authentication.k8s.io/exec, extension: {audience: a}}]",
      "exec: {command: bin/login, args: [a, b], env: [{name: N, value: v}], provideClusterInfo: "
      "true, installHint: hint, apiVersion: client.authentication.k8s.io/v1beta1}"};
  auto const config = written.config().value();
  auto const& plugin = as<kube::ExecPlugin>(config.login);
  CHECK(plugin.command == written.folder.path("bin/login"));
  CHECK(plugin.arguments == std::vector<std::string>{"a", "b"});
  CHECK(plugin.variables == Environment{{"N", "v"}});
  CHECK(plugin.api_version == "client.authentication.k8s.io/v1beta1");
  CHECK(plugin.install_hint == "hint");
  CHECK(plugin.origin ==
        "kubeconfig " + written.file + ": context \"prod\": users[alice].user.exec");
  CHECK(plugin.cluster == json::object{{"server", "https://api:6443"},
                                       {"tls-server-name", "n"},
                                       {"certificate-authority-data", "Y2E="},
                                       {"proxy-url", "http://p"},
                                       {"config", {{"audience", "a"}}}});
}

SCENARIO("a plugin is told the authority's content even if that is in a file") {
  Written const written{
      ", certificate-authority: ca, insecure-skip-tls-verify: false, "
      "disable-compression: true",
      "exec: {command: /bin/login, provideClusterInfo: true, " + exec_v1 + "}"};
  written.folder.write("ca", "ca");
  auto const config = written.config().value();
  CHECK(as<kube::ExecPlugin>(config.login).cluster ==
        json::object{{"server", "https://api:6443"},
                     {"certificate-authority-data", "Y2E="},
                     {"disable-compression", true}});
}

SCENARIO("a plugin that cannot work is refused beforehand") {
  auto const exec = [](std::string const& fields) {
    return complaint("", "exec: {" + fields + "}").substr(std::string{"users[alice].user."}.size());
  };
  CHECK(exec(exec_v1) == "exec.command: is missing");
  CHECK(exec("command: a, apiVersion: client.authentication.k8s.io/v1alpha1") ==
        "exec.apiVersion: has to be client.authentication.k8s.io/v1 or /v1beta1: update the plugin "
        "and what it wrote here");
  CHECK(exec("command: a, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always") ==
        "exec.interactiveMode: is Always, but there is no terminal: use a plugin that never asks");
  auto const* const unknown = "exec.interactiveMode: has to be Never or IfAvailable";
  CHECK(exec("command: a, apiVersion: client.authentication.k8s.io/v1") == unknown);
  CHECK(exec("command: a, apiVersion: client.authentication.k8s.io/v1beta1, interactiveMode: x") ==
        unknown);
  CHECK(exec("command: a, env: [{name: 'a=b'}], " + exec_v1) ==
        "exec.env: a variable has no name, or one with = in it");
}

SCENARIO("whom to act as is said by the user") {
  auto const other =
      config("", "as: other, as-uid: '1', as-groups: [g], as-user-extra: {a: [b, c]}")
          .impersonation;
  CHECK(other.user == "other");
  CHECK(other.uid == "1");
  CHECK(other.groups == std::vector<std::string>{"g"});
  CHECK(other.extra.at("a") == std::vector<std::string>{"b", "c"});
  for (auto const* const field : {"as-uid: '1'", "as-groups: [g]", "as-user-extra: {a: [b]}"})
    CHECK(complaint("", field) ==
          "users[alice].user.as: is missing: a uid, groups or extra are of a user");
}

SCENARIO("the kubeconfig's proxy goes before that of the environment") {
  Environment const environment{{"HTTPS_PROXY", "http://a:1"}, {"NO_PROXY", "*.x"}};
  auto const host_of_proxy = [&](std::string_view cluster) {
    return present(Written{cluster, ""}.config(environment).value().proxy).endpoint.host;
  };
  CHECK(host_of_proxy("") == "a");
  CHECK(host_of_proxy(", proxy-url: 'https://user:hidden@b'") == "b");
  CHECK(!config("", "").proxy);
  CHECK(complaint(", proxy-url: 'socks5://user:hidden@a'", "") ==
        "clusters[main].cluster.proxy-url: proxies of the scheme socks5 are not supported: give "
        "one of http:// or https://");
  auto const refused = Written{"", ""}.config({{"HTTPS_PROXY", "socks5://user:hidden@a"}});
  CHECK(refused.error().message ==
        "HTTPS_PROXY: proxies of the scheme socks5 are not supported: give one of http:// or "
        "https://");
}

SCENARIO("no credentials go over plain HTTP") {
  Folder const folder;
  auto const file = folder.write("c",
                                 "clusters: [{name: a, cluster: {server: 'http://api'}}]\n"
                                 "users: [{name: a, user: {token: abc}}]\n"
                                 "contexts: [{name: a, context: {cluster: a, user: a}}]");
  auto const config = kube::from_kubeconfig({file}, "a", {}).value();
  CHECK(config.server.scheme == kube::Server::Scheme::Http);
  CHECK(config.server.endpoint.port == 80);
  CHECK(is_none(config.login));
}

SCENARIO("fields that say nothing usable are named") {
  CHECK(complaint("", "client-certificate-data: '*', client-key-data: hidden") ==
        "users[alice].user.client-certificate-data: not base64");
  CHECK(complaint("", "client-certificate-data: Y3J0, client-key-data: hidden") ==
        "users[alice].user.client-key-data: not base64");
  CHECK(complaint("", "client-certificate-data: Y3J0") ==
        "users[alice].user.client-key: is missing: a client certificate needs its key");
  CHECK(complaint("", "auth-provider: {name: gcp, config: {access-token: hidden}}") ==
        "users[alice].user.auth-provider: is no longer supported by Kubernetes: use an exec "
        "plugin, which the cluster's provider documents (gke-gcloud-auth-plugin, kubelogin)");
}

SCENARIO("credentials that no header can carry are refused") {
  CHECK(complaint("", "token: 'hidden one'") ==
        "users[alice].user.token: contains what a header cannot: write it in one line");
  CHECK(complaint("", "username: 'a:b', password: hidden") ==
        "users[alice].user.username: must not contain a colon (RFC 7617)");
}

SCENARIO("a server that cannot be reached is refused") {
  Folder const folder;
  auto const refusal = [&](std::string const& server) {
    auto const file = folder.write("c", "clusters: [{name: a, cluster: {server: '" + server +
                                            "'}}]\nusers: [{name: a}]\ncontexts: [{name: a, "
                                            "context: {cluster: a, user: a}}]");
    auto const message = kube::from_kubeconfig({file}, "a", {}).error().message;
    auto const start = "kubeconfig " + file + ": context \"a\": clusters[a].cluster.server: ";
    REQUIRE(message.starts_with(start));
    return message.substr(start.size());
  };
  CHECK(refusal("") == "is missing: https://<host>:<port>");
  CHECK(refusal("api:6443") == "not a URL: it does not begin with https:// or the like");
  CHECK(refusal("ftp://api") == "only https:// and http:// are supported");
  CHECK(refusal("https://user:hidden@api") == "a user does not belong there but under users");
}

SCENARIO("contexts, clusters and users that are not there are named") {
  Folder const folder;
  auto const refusal = [&](std::string const& text, std::string const& context) {
    return kube::from_kubeconfig({folder.write("c", text)}, context, {}).error().message;
  };
  auto const named = "kubeconfig " + folder.path("c");
  CHECK(refusal("", "") == named + ": current-context: is missing: name one of the contexts: none");
  CHECK(refusal("contexts: [{name: a}, {name: b}]", "c") ==
        named + ": there is no context \"c\": name one of the contexts: a, b");
  CHECK(refusal("current-context: c\ncontexts: [{name: a}]", "") ==
        named + ": current-context: there is no context \"c\": name one of the contexts: a");
  auto const start = named + ": context \"a\": contexts[a].context.";
  CHECK(refusal("contexts: [{name: a}]", "a") == start + "cluster: is missing");
  CHECK(refusal("contexts: [{name: a, context: {cluster: b}}]", "a") ==
        start + "cluster: there is no \"b\" among the clusters: none");
  CHECK(refusal("contexts: [{name: a, context: {cluster: b, user: c}}]\nclusters: [{name: b}]\n"
                "users: [{name: d}]",
                "a") == start + "user: there is no \"c\" among the users: d");
}

SCENARIO("in a pod, the account that Kubernetes mounts is used") {
  Folder const folder;
  folder.write("account/token", "abc");
  folder.write("account/ca.crt", "ca");
  folder.write("account/namespace", "valkey\n");
  Environment const environment{{"KUBERNETES_SERVICE_HOST", "10.96.0.1"},
                                {"KUBERNETES_SERVICE_PORT", "443"}};
  auto const config = kube::in_cluster(environment, folder.path("account")).value();
  CHECK(config.server.endpoint.host == "10.96.0.1");
  CHECK(config.server.endpoint.port == 443);
  CHECK(as<kube::TokenFile>(config.login).path == folder.path("account/token"));
  CHECK(as<PemFile>(present(config.tls.authorities)).path == folder.path("account/ca.crt"));
  CHECK(config.namespace_name == "valkey");
  CHECK(config.origin == "the pod's account");

  WHEN("the cluster speaks IPv6") {
    auto ipv6 = environment;
    ipv6["KUBERNETES_SERVICE_HOST"] = "fd00::1";
    CHECK(kube::in_cluster(ipv6, folder.path("account")).value().server.endpoint.host == "fd00::1");
  }
  WHEN("the variables make no sense") {
    auto strange = environment;
    strange["KUBERNETES_SERVICE_PORT"] = "tcp://10.96.0.1:443";
    CHECK(kube::in_cluster(strange, folder.path("account")).error().message ==
          "KUBERNETES_SERVICE_HOST and _PORT: the port is not a number from 1 to 65535");
  }
}

SCENARIO("a pod's account may lack everything but the token") {
  Folder const folder;
  Environment const environment{{"KUBERNETES_SERVICE_HOST", "api"},
                                {"KUBERNETES_SERVICE_PORT", "6443"}};
  CHECK(kube::in_cluster(environment, folder.path("x")).error().message ==
        "the pod's account, which it has unless automountServiceAccountToken is false: " +
            folder.path("x/token") + ": No such file or directory");
  folder.write("x/token", "abc");
  CapturedErrors const errors;
  auto const config = kube::in_cluster(environment, folder.path("x")).value();
  CHECK(!config.tls.authorities);
  CHECK(config.namespace_name == "default");
  CHECK(errors.text().contains("the pod's account has no certificate authority"));
}

SCENARIO("a kubeconfig is looked for where users expect it") {
  Folder const folder;
  auto const named = [&](std::string const& name) {
    return folder.write(name, "clusters: [{name: a, cluster: {server: 'https://" + name +
                                  "'}}]\nusers: [{name: a}]\ncurrent-context: a\ncontexts: "
                                  "[{name: a, context: {cluster: a, user: a}}]");
  };
  Environment environment{{"HOME", folder.path("home")}};
  auto const host = [&](std::string const& flag = "",
                        std::string const& context = "") -> std::string {
    auto const found = kube::discover(
        {.kubeconfig = flag, .context = context, .account = folder.path("account")}, environment);
    return found ? found->server.endpoint.host : found.error().message;
  };
  CHECK(host() == "no way to an API server: --kubeconfig is not given, KUBECONFIG not set, " +
                      folder.path("home/.kube/config") +
                      " not there, and the pod's account not usable: not in a pod: "
                      "KUBERNETES_SERVICE_HOST and _PORT are not set");
  std::filesystem::create_directories(folder.path("home/.kube"));
  std::filesystem::copy_file(named("home-config"), folder.path("home/.kube/config"));
  CHECK(host() == "home-config");
  environment["KUBERNETES_SERVICE_HOST"] = "pod";
  environment["KUBERNETES_SERVICE_PORT"] = "443";
  CHECK(host() == "home-config");
  folder.write("account/token", "abc");
  folder.write("account/ca.crt", "ca");
  CHECK(host() == "pod");
  CHECK(host("", "a") == "home-config");  // a pod's account is no context
  CHECK(host("", "b").ends_with("there is no context \"b\": name one of the contexts: a"));
  environment["HOME"] = folder.path("homeless");
  CHECK(host("", "a").ends_with("account not usable: it has no contexts to choose from"));
  environment["KUBECONFIG"] = "::";
  CHECK(host() == "pod");
  environment["KUBECONFIG"] = ":" + folder.path("none") + ":" + named("second") + ":" +
                              named("third") + "::" + folder.path("second");
  CHECK(host() == "second");
  CHECK(host(named("flag")) == "flag");
  CHECK(host(folder.path("nothing")) ==
        "kubeconfig " + folder.path("nothing") + ": No such file or directory");
  environment["KUBECONFIG"] = folder.path("none");
  CHECK(host() == "kubeconfig " + folder.path("none") + ": not there: name a file that is");
  environment["KUBECONFIG"] = folder.path("second") + ":" + folder.write("bad", "[");
  CHECK(host().starts_with("kubeconfig " + folder.path("bad") + ": line 1"));
}

SCENARIO("the parts of a context may be in different files") {
  Folder const folder;
  folder.write("two/ca", "ca");
  auto const one = folder.write("one/config",
                                "current-context: a\ncontexts: [{name: a, context: "
                                "{cluster: a, user: a}}]");
  auto const two = folder.write("two/config",
                                "clusters: [{name: a, cluster: {server: 'https://a', "
                                "certificate-authority: ca}}]\nusers: [{name: a}]");
  auto const config = kube::from_kubeconfig({one, two}, "", {}).value();
  CHECK(as<PemFile>(present(config.tls.authorities)).path == folder.path("two/ca"));
  CHECK(kube::from_kubeconfig({one, two}, "b", {}).error().message ==
        "kubeconfig " + one + ", " + two +
            ": there is no context \"b\": name one of the contexts: a");
}
