#include "common/kube/kubeconfig.hpp"

#include "test/support/present.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

kube::Kubeconfig config(std::string_view text, std::string const& file = "/x/y") {
  auto parsed = kube::parse_kubeconfig(text, file);
  CAPTURE(parsed ? "" : parsed.error().message);
  REQUIRE(parsed);
  return *std::move(parsed);
}

std::string complaint(std::string_view text) {
  auto const parsed = kube::parse_kubeconfig(text, "/x/y");
  REQUIRE(!parsed);
  CHECK(parsed.error().fault == Fault::Invalid);
  return parsed.error().message;
}

}  // namespace

SCENARIO("every field of a kubeconfig is read under the name that kubectl gives it") {
  auto const parsed = config(R"(
apiVersion: v1
kind: Config
preferences: {}
current-context: prod
clusters:
- name: c
  cluster:
    server: https://api:6443
    tls-server-name: name
    insecure-skip-tls-verify: true
    certificate-authority: ca.crt
    certificate-authority-data: Y2E=
    proxy-url: http://proxy
    disable-compression: true
    extensions:
    - name: client.authentication.k8s.io/exec
      extension: {audience: a}
users:
- name: u
  user:
    client-certificate: c.crt
    client-certificate-data: Yw==
    client-key: c.key
    client-key-data: aw==
    token: abc
    tokenFile: token
    as: other
    as-uid: "1"
    as-groups: [g, h]
    as-user-extra: {scopes: [s]}
    username: me
    password: hidden
    auth-provider: {name: gcp}
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: aws
      args: [eks, get-token]
      env: [{name: AWS_PROFILE, value: p}]
      installHint: install it
      provideClusterInfo: true
      interactiveMode: Never
contexts:
- name: prod
  context: {cluster: c, user: u, namespace: n}
)");
  CHECK(parsed.current_context == "prod");
  auto const& [cluster, file] = parsed.clusters.at("c");
  CHECK(file == "/x/y");
  CHECK(cluster.server == "https://api:6443");
  CHECK(cluster.tls_server_name == "name");
  CHECK(cluster.insecure_skip_tls_verify);
  CHECK(cluster.certificate_authority == "ca.crt");
  CHECK(cluster.certificate_authority_data == "Y2E=");
  CHECK(cluster.proxy_url == "http://proxy");
  CHECK(cluster.disable_compression);
  CHECK(cluster.extensions.at(0).extension == json::value{{"audience", "a"}});
  auto const& user = parsed.users.at("u").entry;
  CHECK(user.client_certificate == "c.crt");
  CHECK(user.client_certificate_data == "Yw==");
  CHECK(user.client_key == "c.key");
  CHECK(user.client_key_data == Secret{"aw=="});
  CHECK(user.token == Secret{"abc"});
  CHECK(user.token_file == "token");
  CHECK(user.as == "other");
  CHECK(user.as_uid == "1");
  CHECK(user.as_groups == std::vector<std::string>{"g", "h"});
  CHECK(user.as_user_extra.at("scopes") == std::vector<std::string>{"s"});
  CHECK(user.username == "me");
  CHECK(user.password == Secret{"hidden"});
  CHECK(!user.auth_provider.is_null());
  auto const exec = present(user.exec);
  CHECK(exec.command == "aws");
  CHECK(exec.args == std::vector<std::string>{"eks", "get-token"});
  CHECK(exec.env.at(0).value == Secret{"p"});
  CHECK(exec.api_version == "client.authentication.k8s.io/v1");
  CHECK(exec.install_hint == "install it");
  CHECK(exec.provide_cluster_info);
  CHECK(exec.interactive_mode == "Never");
  CHECK(parsed.contexts.at("prod").entry.namespace_ == "n");
}

SCENARIO("a kubeconfig may be empty, in JSON or in UTF-16") {
  CHECK(config("").clusters.empty());
  CHECK(config("{}").current_context.empty());
  CHECK(config(R"({"kind": "Config", "current-context": "a", "users": null})").current_context ==
        "a");
  std::string utf16 = "\xFF\xFE";
  for (char const letter : std::string_view{"current-context: b"}) utf16 += {letter, '\0'};
  CHECK(config(utf16).current_context == "b");
}

SCENARIO("what is wrong with a kubeconfig is said with its name and without its secrets") {
  CHECK(complaint("a: b: c") == "kubeconfig /x/y: line 1, column 5: illegal map value");
  CHECK(complaint("[]") == "kubeconfig /x/y: document: expected an object, found a list");
  CHECK(complaint("kind: Pod") ==
        "kubeconfig /x/y: its kind is not Config: this is no kubeconfig, give the path of one");
  CHECK(complaint("clusters: [{name: a}, {name: a}]") ==
        "kubeconfig /x/y: clusters: the name \"a\" stands there twice: remove or rename one entry");
  CHECK(complaint("clusters: [{name: a, cluster: {insecure-skip-tls-verify: yes}}]") ==
        "kubeconfig /x/y: clusters[0].cluster.insecure-skip-tls-verify: expected a boolean, found "
        "a string");
  for (auto const* const field : {"token", "password", "client-key-data"})
    CHECK(complaint("users: [{name: a, user: {" + std::string{field} + ": 12345}}]") ==
          "kubeconfig /x/y: users[0].user." + std::string{field} +
              ": expected a string: put it in quotes");
  CHECK(complaint("users: [{name: a, user: {exec: {env: [{name: N, value: 12345}]}}}]") ==
        "kubeconfig /x/y: users[0].user.exec.env[0].value: expected a string: put it in quotes");
}

SCENARIO("of several kubeconfigs the first to name something decides") {
  auto first = config("users: [{name: a, user: {token: one}}, {name: b}]", "/1");
  kube::merge(first, config("current-context: two\n"
                            "users: [{name: a, user: {token: two, as: x}}, {name: c}]\n"
                            "clusters: [{name: c}]",
                            "/2"));
  kube::merge(first, config("current-context: three\nclusters: [{name: c}]", "/3"));
  CHECK(first.current_context == "two");
  CHECK(first.users.size() == 3);
  CHECK(first.users.at("a").entry.token == Secret{"one"});
  CHECK(first.users.at("a").entry.as.empty());
  CHECK(first.users.at("a").file == "/1");
  CHECK(first.clusters.at("c").file == "/2");
}
