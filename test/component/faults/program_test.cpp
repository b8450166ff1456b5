#include "test/support/control_plane.hpp"
#include "test/support/folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <csignal>

namespace {

/// What the program says when it ends by itself.
std::string complaint(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), FAULT_PROXY);
  auto const ended = Process{arguments}.wait();
  CHECK(ended.status == 1);
  return ended.errors;
}

}  // namespace

SCENARIO("kubectl reaches the API server through the program, where its rules let it") {
  ControlPlane const plane;
  Namespace const space;
  Folder const folder;
  auto const rules = folder.write("rules.json", R"({
    "requests": [
      {"match": {"verb": "list", "resource": "configmaps", "first": 2}, "respond": {"status": 403}},
      {"match": {"verb": "list", "resource": "secrets"}, "delay": {"by": "10ms"}}]})");
  auto const kubeconfig = folder.path("proxied");
  Process proxy{{FAULT_PROXY, "--kubeconfig", ControlPlane::kubeconfig(), "--rules", rules,
                 "--write-kubeconfig", kubeconfig}};
  CHECK(proxy.next_line_of_errors().starts_with("listening on https://127.0.0.1:"));
  auto const list = [&](std::string const& resource) {
    return ControlPlane::try_kubectl(
        {"--kubeconfig", kubeconfig, "get", resource, "--namespace", space.name()});
  };
  CHECK(list("configmaps").status == 0);
  auto const refused = list("configmaps");
  CHECK(refused.status == 1);
  CHECK(refused.errors.contains("(Forbidden)"));
  CHECK(list("configmaps").status == 0);
  CHECK(list("secrets").status == 0);
  proxy.send(SIGTERM);
  CHECK(proxy.wait().status == 0);
}

SCENARIO("the program says what it cannot use") {
  ControlPlane const plane;
  Folder const folder;
  auto const run = [&](std::string const& kubeconfig, std::string const& written,
                       std::vector<std::string> const& more = {}) {
    std::vector<std::string> arguments{"--kubeconfig", kubeconfig, "--write-kubeconfig", written};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return complaint(arguments);
  };
  auto const with = [&](std::string const& flag, std::string const& value) {
    return run(ControlPlane::kubeconfig(), folder.path("proxied"), {flag, value});
  };
  auto const about = [&](std::string const& cluster, std::string const& user) {
    return run(folder.write("kubeconfig",
                            "current-context: a\n"
                            "contexts: [{name: a, context: {cluster: a, user: a}}]\n"
                            "clusters: [{name: a, cluster: {" +
                                cluster +
                                "}}]\n"
                                "users: [{name: a, user: {" +
                                user + "}}]\n"),
               folder.path("proxied"));
  };
  std::string const authority = ", certificate-authority-data: Y2E=";
  CHECK(with("--listen", "0.0.0.0:1").contains("--listen: has to be 127.0.0.1:PORT"));
  CHECK(with("--listen", "127.0.0.1:" + plane.api_server().port).contains("already in use"));
  CHECK(with("--rules", folder.write("a", R"({"requests": [{"match": {"verbs": "get"}}]})"))
            .contains("requests[0].match.verbs: there is no such field"));
  CHECK(with("--rules", folder.path("none")).contains("No such file or directory"));
  CHECK(about("server: 'https://api.example'" + authority, "").contains("https://ADDRESS:PORT"));
  CHECK(about("server: 'https://127.0.0.1/path'" + authority, "").contains("https://ADDRESS:PORT"));
  CHECK(about("server: 'https://127.0.0.1'", "").contains("certificate-authority: is missing"));
  CHECK(about("server: 'https://127.0.0.1'" + authority, "token: t")
            .contains("only a client certificate can be used"));
  CHECK(run(ControlPlane::kubeconfig(), folder.path("none/proxied")).contains("cannot be written"));
}
