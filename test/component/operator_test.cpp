#include "test/support/certificates.hpp"
#include "test/support/control_plane.hpp"
#include "test/support/faults/account.hpp"
#include "test/support/fetched.hpp"
#include "test/support/folder.hpp"
#include "test/support/logged.hpp"
#include "test/support/run.hpp"

#include <catch2/catch_test_macros.hpp>
#include <csignal>

namespace {

using namespace std::chrono_literals;

/// valkey-operator as a process.
class Operator {
 public:
  explicit Operator(Namespace const& space, std::string const& certificates = "")
      : process_{command(space, certificates)},
        probes_{address(until("listening"))},
        metrics_{address(until("listening"))} {}

  boost::json::object until(std::string_view event) const { return until_logged(process_, event); }

  net::Response probe(std::string const& target) const { return answer(probes_, target); }
  std::string metrics() const { return answer(metrics_, "/metrics").body; }

  /// What a scraper is told that trusts `authority` and shows `token`.
  net::Response scraped(Authority const& authority, std::string const& token) const {
    net::HttpClientSettings settings;
    settings.server = metrics_;
    settings.tls =
        net::TlsContext::create(
            {.authorities = Secret{std::string{authority.certificate()}}, .identity = {}})
            .value();
    net::Request request{.target = "/metrics", .headers = {}, .body = {}};
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
    return run(fetched(std::move(settings), std::move(request))).value();
  }

  void send(int signal) const { process_.send(signal); }
  Ended wait() { return process_.wait(); }

 private:
  static std::vector<std::string> command(Namespace const& space, std::string const& certificates) {
    std::vector<std::string> words{OPERATOR_BINARY,
                                   "--kubeconfig",
                                   ControlPlane::kubeconfig(),
                                   "--leader-elect-resource-namespace",
                                   space.name(),
                                   "--health-probe-bind-address=127.0.0.1:0",
                                   "--metrics-bind-address=127.0.0.1:0"};
    if (!certificates.empty()) words.insert(words.end(), {"--metrics-cert-path", certificates});
    return words;
  }

  static net::Endpoint address(boost::json::object const& listening) {
    return net::listen_address(listening.at("address").as_string()).value();
  }

  static net::Response answer(net::Endpoint const& server, std::string const& target) {
    return run(fetched(server, target)).value();
  }

  Process process_;
  net::Endpoint probes_;
  net::Endpoint metrics_;
};

std::string holder(Namespace const& space) {
  return ControlPlane::lease_holder(space.name(), "valkey-operator");
}

/// What people were told of the lease, in order.
std::string told(Namespace const& space) {
  return ControlPlane::kubectl({"get", "events.events.k8s.io", "--namespace", space.name(),
                                "--sort-by=.eventTime", "--output=jsonpath={.items[*].action}"});
}

constexpr std::string_view status = "leader_election_master_status{name=\"valkey-operator\"} ";

bool says_that_it_leads(Operator const& one) {
  return one.metrics().find(std::string{status} + "1") != std::string::npos;
}

}  // namespace

SCENARIO("an operator that is told to stop gives up its lease, and the next leads at once") {
  ControlPlane const plane;
  Namespace const space;
  Operator first{space};
  auto const identity = first.until("became leader").at("identity");
  CHECK(holder(space) == identity.as_string());
  CHECK(says_that_it_leads(first));

  Operator second{space};
  CHECK(second.until("another leads").at("holder") == identity);
  CHECK_FALSE(says_that_it_leads(second));
  CHECK(second.probe("/readyz").status == 200);
  CHECK(second.probe("/healthz?verbose").body == "[+]leader-election ok\nhealthz check passed\n");

  auto const asked = std::chrono::steady_clock::now();
  first.send(SIGTERM);
  second.until("became leader");
  CHECK(std::chrono::steady_clock::now() - asked < 10s);  // its lease would have lasted for 15
  CHECK(first.wait().status == 0);
  CHECK(says_that_it_leads(second));
  second.send(SIGTERM);
  CHECK(second.wait().status == 0);
  CHECK(holder(space).empty());
  CHECK(told(space) == "Acquire Release Acquire Release");
}

SCENARIO("an operator that was frozen beyond its lease ends as failed when it goes on") {
  ControlPlane const plane;
  Namespace const space;
  Operator first{space};
  first.until("became leader");
  Operator second{space};
  second.until("another leads");
  first.send(SIGSTOP);
  auto const identity = second.until("became leader").at("identity");
  first.send(SIGCONT);
  first.until("lost leadership");
  CHECK(first.wait().status == 1);
  CHECK(holder(space) == identity.as_string());
  CHECK(told(space) == "Acquire Acquire Lose");
  CHECK(says_that_it_leads(second));
}

SCENARIO("metrics over TLS are for those whom the cluster's roles let read them") {
  ControlPlane const plane;
  Namespace const space;
  Authority const authority;
  Folder const folder;
  auto const shown = authority.issue({"IP:127.0.0.1"});
  folder.write("tls.crt", shown.certificate);
  folder.write("tls.key", shown.key);
  faults::Account const scraper{plane, space, "scraper"};
  faults::Account const stranger{plane, space, "stranger"};
  auto const role = "metrics-of-" + space.name();
  ControlPlane::kubectl(
      {"create", "clusterrole", role, "--verb=get", "--non-resource-url=/metrics"});
  ControlPlane::kubectl({"create", "clusterrolebinding", role, "--clusterrole=" + role,
                         "--serviceaccount=" + space.name() + ":scraper"});
  Operator watched{space, folder.path("")};
  watched.until("became leader");
  CHECK(watched.scraped(authority, "").status == 401);
  CHECK(watched.scraped(authority, "made.up").status == 401);
  CHECK(watched.scraped(authority, stranger.token()).status == 403);
  auto const told = watched.scraped(authority, scraper.token());
  CHECK(told.status == 200);
  CHECK(told.body.find(std::string{status} + "1") != std::string::npos);
  ControlPlane::kubectl({"delete", "clusterrole,clusterrolebinding", role});
}
