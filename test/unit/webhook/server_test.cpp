#include "webhook/server.hpp"

#include "common/async/task_group.hpp"
#include "test/support/captured_errors.hpp"
#include "test/support/certificates.hpp"
#include "test/support/fetched.hpp"
#include "test/support/folder.hpp"
#include "test/support/free_port.hpp"
#include "test/support/reviews.hpp"
#include "test/support/run.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;
using webhook::LiveRules;
using webhook::Server;
using webhook::Service;
using webhook::Settings;

/// A server of two threads with its files, for as long as a test.
struct Served {
  Served() {
    show(authority.issue({"DNS:localhost"}));
    settings.address = net::Endpoint{.host = "127.0.0.1", .port = free_port()};
    settings.certificates = folder.path("");
    settings.threads = 2;
  }

  void show(Issued const& issued) const {
    folder.replace("tls.key", issued.key);
    folder.replace("tls.crt", issued.certificate);
  }

  Folder folder;
  Authority authority;
  Settings settings;
};

/// As often as connections are refused: its threads are only about to listen.
Task<net::Response> answered(net::HttpClientSettings const& client, net::Request request) {
  while (true) {
    auto answer = co_await fetched(client, request);
    if (answer || !answer.error().message.contains("refused")) co_return answer;
  }
}

}  // namespace

SCENARIO("reviews are answered over TLS by every thread") {
  CapturedErrors const log;
  Served const served;
  auto const rules = LiveRules::create("", "").value();
  Service const service{*rules};
  Server server{served.settings, service};
  CHECK_FALSE(server.check());
  std::string outcome;
  auto const talk = [](Served const& with, Server const& to, std::string& said) -> Task<> {
    net::HttpClientSettings client;
    client.server = with.settings.address;
    CO_TRY(client.tls,
           net::TlsContext::create(
               {.authorities = Secret{std::string{with.authority.certificate()}}, .identity = {}}));
    client.server_name = "localhost";
    for (int round = 0; round < 8; ++round) {
      CO_TRY(auto const answer,
             co_await answered(
                 client, {.method = "POST",
                          .target = "/validate",
                          .headers = {{"Content-Type", "application/json"}},
                          .body = json::serialize(cluster_review(nullptr, cluster_object("{}")))}));
      said += answer.body.contains("\"allowed\":true") ? "y" : "n";
      if (round == 3) with.show(with.authority.issue({"DNS:localhost"}));
    }
    said += to.check() ? " ready" : "";
    co_return cancelled();
  };
  (void)run(within(10s, together([&](TaskGroup& group) {
                     group.spawn(server.serve());
                     group.spawn(talk(served, server, outcome));
                   })));
  CHECK(outcome == "yyyyyyyy ready");
  CHECK(log.text().contains("TLS files read again"));
}

SCENARIO("a server without a certificate, or without its address, fails") {
  CapturedErrors const log;
  auto const rules = LiveRules::create("", "").value();
  Service const service{*rules};
  Served served;
  WHEN("there is no certificate") {
    served.settings.certificates = "/nowhere";
    Server server{served.settings, service};
    CHECK(run(within(5s, server.serve())).error().fault == Fault::NotFound);
  }
  WHEN("somebody else has the address") {
    auto const occupied = [](Settings settings, Service const& beside) -> Task<> {
      auto const other = net::HttpServer::listen(co_await asio::this_coro::executor,
                                                 {.address = settings.address, .tls = {}});
      Server server{settings, beside};
      co_return co_await within(5s, server.serve());
    };
    CHECK(
        run(occupied(served.settings, service)).error().message.contains("Address already in use"));
  }
}
