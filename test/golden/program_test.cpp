#include "common/version.hpp"
#include "test/golden/expected.hpp"
#include "test/support/certificates.hpp"
#include "test/support/folder.hpp"
#include "test/support/free_port.hpp"
#include "test/support/process.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <csignal>
#include <fstream>
#include <sys/stat.h>

namespace {

struct Binary {
  std::string name;
  std::string path;
  std::vector<std::string> flags;  ///< with which it works without a cluster, and beside others
};

std::string const operator_kubeconfig = EXPECTED_FOLDER "/../unreachable.kubeconfig";
std::vector<std::string> const unseen{"--health-probe-bind-address=0", "--metrics-bind-address=0"};

Binary operator_binary() {
  auto flags = unseen;
  flags.push_back("--kubeconfig=" + operator_kubeconfig);
  return {"valkey-operator", OPERATOR_BINARY, flags};
}

/// With a certificate of its own, and at a port that was free just now.
Binary webhook_binary() {
  static Folder const folder;
  static auto const port = free_port();
  auto const issued = Authority{}.issue({"DNS:localhost"});
  folder.write("tls.crt", issued.certificate);
  folder.write("tls.key", issued.key);
  auto flags = unseen;
  flags.insert(flags.end(), {"--cert-dir=" + folder.path(""), "--shutdown-delay=0s",
                             "--bind-address=127.0.0.1:" + std::to_string(port)});
  return {"valkey-webhook", WEBHOOK_BINARY, flags};
}

Binary any_binary() { return GENERATE(operator_binary(), webhook_binary()); }

Ended ended(Binary const& binary, std::string const& flag) {
  return Process{{binary.path, flag}}.wait();
}

boost::json::value entry(std::string const& line) { return boost::json::parse(line); }

}  // namespace

SCENARIO("each binary explains its flags") {
  auto const binary = any_binary();
  auto const help = ended(binary, "--help");
  CHECK(help.status == 0);
  CHECK(help.errors.empty());
  CHECK(help.output == expected(binary.name + ".help.txt", help.output));
}

SCENARIO("each binary tells its version") {
  auto const binary = any_binary();
  auto const told = ended(binary, "--version");
  CHECK(told.status == 0);
  CHECK(told.errors.empty());
  CHECK(told.output == version::line(binary.name) + "\n");
}

SCENARIO("a wrong flag is explained on standard error and ends with 2") {
  auto const binary = any_binary();
  auto const unknown = ended(binary, "--colour");
  CHECK(unknown.status == 2);
  CHECK(unknown.output.empty());
  CHECK(unknown.errors == expected(binary.name + ".unknown_flag.txt", unknown.errors));
  CHECK(ended(binary, "--log-level=loud").status == 2);
  CHECK(ended(binary, "--log-level").status == 2);
  CHECK(ended(binary, "surplus").status == 2);
}

SCENARIO("each binary runs until it is told to stop, and then ends well") {
  auto const binary = any_binary();
  auto command = binary.flags;
  command.insert(command.begin(), binary.path);
  Process process{command};
  auto const started = entry(process.next_line_of_errors());
  CHECK(started.at("event") == "started");
  CHECK(started.at("program").as_string() == binary.name);
  CHECK(started.at("version").as_string() == version::number);
  process.send(GENERATE(SIGTERM, SIGINT));
  auto const stopped = process.wait();
  CHECK(stopped.status == 0);
  auto const last = stopped.errors.rfind('\n', stopped.errors.size() - 2);
  CHECK(entry(stopped.errors.substr(last == std::string::npos ? 0 : last + 1)).at("event") ==
        "stopped");
}

SCENARIO("an operator that does not know its cluster says so, and ends") {
  Process process{{OPERATOR_BINARY, "--kubeconfig=/nowhere/config"}};
  auto const ended = process.wait();
  CHECK(ended.status == 1);
  CHECK(ended.errors.find("/nowhere/config") != std::string::npos);
}

SCENARIO("an operator that is told to stop while it begins does so") {
  Folder const folder;
  auto const pipe = folder.path("kubeconfig");
  REQUIRE(mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR) == 0);
  auto command = unseen;
  command.insert(command.begin(), {OPERATOR_BINARY, "--kubeconfig=" + pipe});
  Process process{command};
  std::ofstream kubeconfig{pipe};  // waits until it is read
  process.send(GENERATE(SIGTERM, SIGINT));
  kubeconfig << std::ifstream{operator_kubeconfig}.rdbuf();
  kubeconfig.close();
  auto const stopped = process.wait();
  CHECK(stopped.status == 0);
  CHECK(stopped.errors.ends_with("\"event\":\"stopped\"}\n"));
}

SCENARIO("an operator that can't reach its cluster says why, and tries again") {
  auto command = operator_binary().flags;
  command.insert(command.begin(), OPERATOR_BINARY);
  Process process{command};
  CHECK(entry(process.next_line_of_errors()).at("event") == "started");
  for (int attempts = 0; attempts < 2; ++attempts) {
    auto const warned = entry(process.next_line_of_errors());
    CHECK(warned.at("event") == "lease not acquired");
    CHECK(warned.at("message").as_string().ends_with("Connection refused"));
  }
  process.send(SIGTERM);
  CHECK(process.wait().status == 0);
}

SCENARIO("an operator names the flag whose value is none") {
  std::string const wrong =
      GENERATE("--kubeconfig=", "--leader-elect=maybe", "--leader-elect-resource-name=Foo_Bar",
               "--leader-elect-resource-namespace=a.b", "--health-probe-bind-address=8081",
               "--metrics-bind-address=:99999");
  auto const refused = Process{{OPERATOR_BINARY, wrong}}.wait();
  CHECK(refused.status == 2);
  CHECK(refused.errors.starts_with("valkey-operator: "));
  CHECK(refused.errors.find(wrong.substr(0, wrong.find('='))) != std::string::npos);
}

SCENARIO("a webhook without a certificate says so, and ends") {
  auto const ended = Process{{WEBHOOK_BINARY, "--cert-dir=/nowhere"}}.wait();
  CHECK(ended.status == 1);
  CHECK(ended.errors.contains("--cert-dir: /nowhere/tls.crt: No such file or directory"));
}

SCENARIO("a webhook with modes of policies that do not exist says so, and ends") {
  Folder const folder;
  auto const file = folder.write("modes.yaml", "modes: {memry: off}");
  auto const ended = Process{{WEBHOOK_BINARY, "--policy-modes=" + file}}.wait();
  CHECK(ended.status == 1);
  CHECK(ended.errors.contains("there is no policy \\\"memry\\\""));
}

SCENARIO("a webhook names the flag whose value is none") {
  std::string const wrong =
      GENERATE("--bind-address=0", "--threads=0", "--max-connections=many", "--shutdown-delay=-1s",
               "--tls-min-version=1.1", "--cert-dir=");
  auto const refused = Process{{WEBHOOK_BINARY, wrong}}.wait();
  CHECK(refused.status == 2);
  CHECK(refused.errors.starts_with("valkey-webhook: "));
  CHECK(refused.errors.contains(wrong.substr(0, wrong.find('='))));
}
