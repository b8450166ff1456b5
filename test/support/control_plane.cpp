#include "test/support/control_plane.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <sstream>
#include <utility>

namespace {

std::string name_of(ControlPlane::Component component) {
  return component == ControlPlane::Component::Etcd ? "etcd" : "kube-apiserver";
}

/// Within `local-cluster exec`, the command is about the cluster that this runs in.
std::string local_cluster(std::initializer_list<std::string> arguments) {
  std::vector<std::string> command{LOCAL_CLUSTER};
  command.insert(command.end(), arguments);
  auto const ended = Process{command}.wait();
  INFO(ended.errors);
  REQUIRE(ended.status == 0);
  return ended.output;
}

std::string of_kubeconfig(std::string const& field) {
  auto const ended = ControlPlane::try_kubectl(
      {"config", "view", "--raw", "--minify", "--output=go-template={{" + field + "}}"});
  INFO(ended.errors);
  REQUIRE(ended.status == 0);
  return ended.output;
}

std::string file_of_keys(std::string const& name) {
  std::ifstream file{std::filesystem::path{ControlPlane::kubeconfig()}.parent_path() / name};
  REQUIRE(file);
  return {std::istreambuf_iterator{file}, {}};
}

}  // namespace

bool ControlPlane::is_here() {
  return std::getenv("LOCAL_CLUSTER") != nullptr && std::getenv("KUBECONFIG") != nullptr;
}

ControlPlane::ControlPlane() {
  auto const url = of_kubeconfig("(index .clusters 0).cluster.server");
  auto const host = url.find("//") + 2;
  auto const colon = url.rfind(':');
  std::string const user = "index (index .users 0).user ";
  std::string const cluster = "index (index .clusters 0).cluster ";
  api_server_ = {
      .host = url.substr(host, colon - host),
      .port = url.substr(colon + 1),
      .authority = of_kubeconfig(cluster + R"("certificate-authority-data" | base64decode)"),
      .certificate = of_kubeconfig(user + R"("client-certificate-data" | base64decode)"),
      .key = of_kubeconfig(user + R"("client-key-data" | base64decode)")};
}

ControlPlane::~ControlPlane() {
  for (auto const component : broken_) Process{{LOCAL_CLUSTER, "start", name_of(component)}}.wait();
}

std::string ControlPlane::kubeconfig() {
  auto const* path = std::getenv("KUBECONFIG");
  return path != nullptr ? path : "";
}

std::string ControlPlane::kubectl(std::vector<std::string> arguments, std::string_view input) {
  auto const ended = try_kubectl(std::move(arguments), input);
  INFO(ended.errors);
  REQUIRE(ended.status == 0);
  return ended.output;
}

Ended ControlPlane::try_kubectl(std::vector<std::string> arguments, std::string_view input) {
  arguments.insert(arguments.begin(), "kubectl");
  return Process{arguments, input}.wait();
}

std::string ControlPlane::lease_holder(std::string const& space, std::string const& name) {
  return kubectl(
      {"get", "lease", name, "--namespace", space, "--output=jsonpath={.spec.holderIdentity}"});
}

std::map<std::string, int> ControlPlane::requests(std::string const& user_agent) {
  std::map<std::string, int> counted;
  std::istringstream table{local_cluster({"requests", user_agent})};
  for (std::string line; std::getline(table, line);) {
    std::istringstream row{line};
    int count = 0;
    std::string verb;
    std::string resource;
    if (row >> count >> verb >> resource) counted[verb.append(" ").append(resource)] = count;
  }
  counted.erase("in all");
  return counted;
}

void ControlPlane::stop(Component component) {
  broken_.insert(component);
  local_cluster({"stop", name_of(component)});
}

void ControlPlane::kill(Component component) {
  broken_.insert(component);
  local_cluster({"stop", "--kill", name_of(component)});
}

void ControlPlane::pause(Component component) {
  broken_.insert(component);
  local_cluster({"pause", name_of(component)});
}

void ControlPlane::start(Component component) {
  local_cluster({"start", name_of(component)});
  broken_.erase(component);
}

void ControlPlane::restart(Component component) { local_cluster({"restart", name_of(component)}); }

void ControlPlane::compact() { local_cluster({"compact"}); }

void ControlPlane::rotate_authority() { local_cluster({"rotate-ca"}); }

std::string ControlPlane::first_authority() { return file_of_keys("ca.crt"); }

std::string ControlPlane::next_authority() { return file_of_keys("next-ca.crt"); }

Namespace::Namespace()
    : name_{ControlPlane::kubectl(
          {"create", "--filename=-", "--output=jsonpath={.metadata.name}"},
          R"({"apiVersion":"v1","kind":"Namespace","metadata":{"generateName":"test-"}})")} {}

Namespace::~Namespace() {
  ControlPlane::try_kubectl({"delete", "namespace", name_, "--wait=false"});
}
