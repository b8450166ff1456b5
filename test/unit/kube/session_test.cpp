#include "common/kube/session.hpp"

#include "test/support/captured_errors.hpp"
#include "test/support/certificates.hpp"
#include "test/support/folder.hpp"
#include "test/support/present.hpp"
#include "test/support/scripted_api.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fmt/core.h>
#include <fmt/ranges.h>

namespace {

using namespace std::chrono_literals;
using kube::Retries;
using Texts = std::vector<std::string>;

net::Request const question{.target = "/api/v1/pods", .headers = {}, .body = {}};
net::Request const creation{
    .method = "POST", .target = "/api/v1/pods", .headers = {}, .body = "{}"};

net::Response answer(unsigned status) { return {.status = status, .headers = {}, .body = {}}; }

/// A session with an API server that answers as a test says.
class World {
 public:
  using Answer = ScriptedApi::Answer;

  explicit World(Answer answers, kube::Config config = {},
                 std::shared_ptr<net::TlsContext> const& tls = {},
                 kube::SessionSettings settings = {.user_agent = "test"})
      : answers_{std::move(answers)},
        api_{loop_, [this](net::Request const& request) { return heard(request); },
             std::move(config), tls, std::move(settings)} {}

  /// The status in the end.
  unsigned exchanged(net::Request request = question) {
    auto const asking = start(std::move(request));
    REQUIRE(loop_.until([&] { return !asking.is_running(); }));
    return asking.outcome().value().status;
  }

  /// The same, when the answer is read while it arrives.
  unsigned opened(net::Request request = question) {
    auto const asking = loop_.start(opened_status(api_.session(), std::move(request)));
    REQUIRE(loop_.until([&] { return !asking.is_running(); }));
    return asking.outcome().value();
  }

  ManualLoop::Started<net::Response> start(net::Request request, Retries retries = Retries::Allowed,
                                           net::Gate gate = {}) {
    return loop_.start(api_.session().exchange(std::move(request), retries, std::move(gate)));
  }

  /// Waits until somebody waits for time to pass, and tells how much.
  Clock::Duration next_wait() {
    REQUIRE(loop_.until([&] { return loop_.clock().earliest().has_value(); }));
    return present(loop_.clock().earliest()) - loop_.clock().now();
  }

  /// Of all requests in order, what this header says.
  Texts said(std::string_view header) const {
    Texts values;
    for (auto const& request : requests)
      values.emplace_back(request.headers.find(header).value_or("nothing"));
    return values;
  }

  ManualLoop& loop() { return loop_; }
  std::size_t connections() const { return api_.connections(); }

  std::vector<net::Request> requests;

 private:
  static Task<unsigned> opened_status(kube::Session& session, net::Request request) {
    CO_TRY(auto const incoming, co_await session.open(std::move(request)));
    co_return incoming.status();
  }

  net::Response heard(net::Request const& request) {
    requests.push_back(request);
    return answers_(request);
  }

  ManualLoop loop_;
  Answer answers_;
  ScriptedApi api_;
};

kube::Config logged_in_by(kube::Login login) {
  kube::Config config;
  config.login = std::move(login);
  return config;
}

/// Lets in whoever says this.
World::Answer letting_in(std::string const& authorization) {
  return [authorization](net::Request const& request) {
    return answer(request.headers.find("Authorization") == authorization ? 200 : 401);
  };
}

/// A session whose token is in a file that says "one".
struct TokenWorld {
  Folder folder;
  std::string file = folder.write("token", "one");

  kube::Config config() const { return logged_in_by(kube::TokenFile{file, std::nullopt}); }

  /// Lets in whoever says "Bearer two", and replaces the token once "one" is on its way.
  World::Answer rotating() const {
    return [this, lets_in = letting_in("Bearer two")](net::Request const& request) {
      folder.replace("token", "two");
      return lets_in(request);
    };
  }
};

/// An API server that has to be shown who asks, and a plugin that knows it.
struct TlsWorld {
  Authority authority;
  Folder folder;
  Environment environment{{"PATH", "/usr/bin:/bin"}};

  std::shared_ptr<net::TlsContext> server() const {
    auto issued = authority.issue({"IP:127.0.0.1"});
    return net::TlsContext::create({.role = net::TlsRole::Server,
                                    .authorities = Secret{std::string{authority.certificate()}},
                                    .identity = net::Identity{Secret{std::move(issued.certificate)},
                                                              Secret{std::move(issued.key)}}})
        .value();
  }

  kube::Config config() const {
    auto config = logged_in_by(kube::ExecPlugin{
        .command = folder.write_program("login", "#!/bin/sh\nexec cat \"${0%/*}/answer\"\n"),
        .arguments = {},
        .variables = {{"PATH", "/usr/bin:/bin"}},
        .api_version = "client.authentication.k8s.io/v1",
        .install_hint = {},
        .cluster = {},
        .origin = "plugin"});
    config.tls.authorities = Secret{std::string{authority.certificate()}};
    return config;
  }

  /// What the plugin tells from now on.
  void tell(Issued const& issued, std::string_view token) const {
    json::object const status{{"token", token},
                              {"clientCertificateData", issued.certificate},
                              {"clientKeyData", issued.key}};
    folder.write("answer",
                 json::serialize(json::object{{"apiVersion", "client.authentication.k8s.io/v1"},
                                              {"kind", "ExecCredential"},
                                              {"status", status}}));
  }
};

/// How often the log says `what`.
auto logged(CapturedErrors const& errors, std::string_view what) {
  auto const text = errors.text();
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

net::Response warning(std::string text) {
  return {.status = 200, .headers = {{"Warning", std::move(text)}}, .body = {}};
}

}  // namespace

SCENARIO("each request says who asks and what it wants to hear") {
  auto config = logged_in_by(kube::BearerToken{Secret{"abc"}});
  config.server.path = "/k8s/clusters/c-1";
  World world{[](net::Request const&) { return answer(200); }, config};
  CHECK(world.exchanged() == 200);
  auto const& request = world.requests.front();
  CHECK(request.target == "/k8s/clusters/c-1/api/v1/pods");
  CHECK(request.headers.find("User-Agent") == "test");
  CHECK(request.headers.find("Accept") == "application/json");
  CHECK(request.headers.find("Authorization") == "Bearer abc");
}

SCENARIO("who acts as another says as whom") {
  auto const said_by = [](kube::Impersonation as) {
    kube::Config config;
    config.impersonation = std::move(as);
    World world{[](net::Request const&) { return answer(200); }, std::move(config)};
    CHECK(world.exchanged() == 200);
    Texts said;
    for (auto const& [name, value] : world.requests.front().headers)
      if (name.starts_with("Impersonate-")) said.push_back(fmt::format("{}: {}", name, value));
    return said;
  };
  CHECK(said_by({.user = "alice",
                 .uid = "u-1",
                 .groups = {"ops", "dev"},
                 .extra = {{"a.org/b", {"c"}}, {"scopes", {"view", "edit"}}}}) ==
        Texts{"Impersonate-User: alice", "Impersonate-Uid: u-1", "Impersonate-Group: ops",
              "Impersonate-Group: dev", "Impersonate-Extra-a.org%2Fb: c",
              "Impersonate-Extra-scopes: view", "Impersonate-Extra-scopes: edit"});
  CHECK(said_by({.user = "alice", .uid = {}, .groups = {}, .extra = {}}) ==
        Texts{"Impersonate-User: alice"});
  CHECK(said_by({.user = {}, .uid = "u-1", .groups = {"ops"}, .extra = {}}).empty());
}

SCENARIO("a refused token that was replaced meanwhile is tried once more as it is now") {
  TokenWorld const token;
  World world{token.rotating(), token.config()};
  SECTION("for a whole answer") { CHECK(world.exchanged() == 200); }
  SECTION("for one that is read while it arrives") { CHECK(world.opened() == 200); }
  SECTION("for a write: it was not let in") { CHECK(world.exchanged(creation) == 200); }
  CHECK(world.said("Authorization") == Texts{"Bearer one", "Bearer two"});
}

SCENARIO("a refusal is an answer once there is no other credential to show") {
  auto const nobody = [](net::Request const&) { return answer(401); };
  GIVEN("a token that never changes") {
    World world{nobody, logged_in_by(kube::BearerToken{Secret{"abc"}})};
    CHECK(world.exchanged() == 401);
    CHECK(world.requests.size() == 1);
  }
  GIVEN("a token file that stays: the server may not know its token yet, for once") {
    TokenWorld const token;
    World world{nobody, token.config()};
    CHECK(world.exchanged() == 401);
    CHECK(world.requests.size() == 2);
    CHECK(world.exchanged() == 401);
    CHECK(world.requests.size() == 3);
  }
  GIVEN("a token file that changes all the time") {
    TokenWorld const token;
    int written = 0;
    World world{[&](net::Request const&) {
                  token.folder.replace("token", fmt::format("token-{}", ++written));
                  return answer(401);
                },
                token.config()};
    CHECK(world.exchanged() == 401);
    CHECK(world.said("Authorization") == Texts{"Bearer one", "Bearer token-1"});
  }
}

SCENARIO("who has no credential asks for nothing, and is told why") {
  Folder const folder;
  World world{[](net::Request const&) { return answer(200); },
              logged_in_by(kube::TokenFile{folder.path("token"), std::nullopt})};
  auto const asking = world.start(question);
  REQUIRE_FALSE(asking.is_running());
  REQUIRE_FALSE(asking.outcome());
  CHECK(asking.outcome().error().message.starts_with("the token: "));
  CHECK(world.requests.empty());
}

SCENARIO("another client certificate is shown at once, over another connection") {
  TlsWorld const tls;
  auto const certificate = tls.authority.issue({"DNS:one"});
  tls.tell(certificate, "one");
  std::string accepted = "Bearer one";
  World world{[&](net::Request const& request) { return letting_in(accepted)(request); },
              tls.config(), tls.server()};
  CHECK(world.exchanged() == 200);
  CHECK(world.connections() == 1);
  accepted = "Bearer two";
  WHEN("the plugin tells another token") {
    tls.tell(certificate, "two");
    CHECK(world.exchanged() == 200);
    THEN("the connection is kept") { CHECK(world.connections() == 1); }
  }
  WHEN("the plugin tells another certificate too") {
    tls.tell(tls.authority.issue({"DNS:two"}), "two");
    CHECK(world.exchanged() == 200);
    THEN("the connection is another") { CHECK(world.connections() == 2); }
  }
}

SCENARIO("a server that says when to come again is asked again then") {
  unsigned refusals = 1;
  std::string seconds = "7";
  World world{[&](net::Request const&) {
    if (refusals == 0) return answer(200);
    --refusals;
    auto busy = answer(429);
    busy.headers.add("Retry-After", seconds);
    return busy;
  }};
  WHEN("it was busy once") {
    auto const asking = world.start(creation);
    CHECK(world.next_wait() == 7s);
    world.loop().advance(7s - 1ns);
    CHECK(asking.is_running());
    CHECK(world.requests.size() == 1);
    world.loop().advance(1ns);
    REQUIRE(world.loop().until([&] { return !asking.is_running(); }));
    CHECK(asking.outcome().value().status == 200);
    THEN("the same was asked twice") {
      REQUIRE(world.requests.size() == 2);
      CHECK(world.requests[0] == world.requests[1]);
    }
  }
  WHEN("it stays busy") {
    refusals = 100;
    auto const asking = world.start(creation);
    for (int tries = 1; tries < 10; ++tries) {
      CHECK(world.next_wait() == 7s);
      world.loop().advance(7s);
    }
    REQUIRE(world.loop().until([&] { return !asking.is_running(); }));
    THEN("its tenth answer counts") {
      CHECK(asking.outcome().value().status == 429);
      CHECK(world.requests.size() == 10);
    }
  }
  WHEN("it would rather be asked much later") {
    refusals = 100;
    seconds = "100";
    auto const asking = world.start(creation);
    CHECK(world.next_wait() == 100s);
    world.loop().advance(100s);
    REQUIRE(world.loop().until([&] { return !asking.is_running(); }));
    THEN("its answer counts once two minutes would have passed") {
      CHECK(asking.outcome().value().status == 429);
      CHECK(world.requests.size() == 2);
    }
  }
  WHEN("what allowed the request does so no more") {
    bool allowed = true;
    auto const asking = world.start(creation, Retries::Allowed, [&allowed]() -> Result<> {
      return allowed ? ok : permanent("not the leader");
    });
    CHECK(world.next_wait() == 7s);
    allowed = false;
    world.loop().advance(7s);
    REQUIRE(world.loop().until([&] { return !asking.is_running(); }));
    THEN("it is not sent again, and the error says what came before") {
      CHECK(asking.outcome().error().message == "not the leader; the attempt before: answered 429");
      CHECK(world.requests.size() == 1);
    }
  }
  WHEN("the caller wants to know at once") {
    auto const asking = world.start(creation, Retries::None);
    REQUIRE(world.loop().until([&] { return !asking.is_running(); }));
    CHECK(asking.outcome().value().status == 429);
    CHECK(world.requests.size() == 1);
  }
  WHEN("the caller is told to stop meanwhile") {
    auto asking = world.start(creation);
    CHECK(world.next_wait() == 7s);
    asking.cancel();
    REQUIRE(world.loop().until([&] { return !asking.is_running(); }));
    CHECK(asking.outcome().error().fault == Fault::Cancelled);
    CHECK(world.requests.size() == 1);
  }
}

SCENARIO("who can't use a certificate says where it is from") {
  kube::Config config;
  config.origin = "kubeconfig /x/y: context \"prod\"";
  config.tls.authorities = Secret{"none"};
  ManualLoop loop;
  auto const session = kube::Session::create(config, {.user_agent = "test"}, loop.clock(), {});
  REQUIRE_FALSE(session);
  CHECK(session.error() == Error{Fault::Invalid,
                                 "kubeconfig /x/y: context \"prod\": CA certificates "
                                 "(given inline): holds no PEM"});
}

SCENARIO("a session without patience repeats nothing") {
  World world{[](net::Request const&) {
                auto busy = answer(429);
                busy.headers.add("Retry-After", "1");
                return busy;
              },
              {},
              {},
              {.user_agent = "test", .patience = Limit::zero()}};
  CHECK(world.exchanged() == 429);
  CHECK(world.exchanged(creation) == 429);
  CHECK(world.requests.size() == 2);
}

SCENARIO("each warning is logged once, as long as there are not too many") {
  std::string text;
  World world{[&](net::Request const&) { return warning(text); }};
  CapturedErrors const errors;
  for (auto const* const warned :
       {"299 - \"a is deprecated\"", "299 - \"b is deprecated\"", "299 - \"a is deprecated\""}) {
    text = warned;
    CHECK(world.exchanged() == 200);
  }
  CHECK(world.opened() == 200);
  CHECK(logged(errors, "API server warned") == 2);
  CHECK(logged(errors, R"("message":"299 - \"a is deprecated\"")") == 1);
  CHECK(logged(errors, R"("message":"299 - \"b is deprecated\"")") == 1);
  for (int number = 0; number < 300; ++number) {
    text = fmt::format("299 - \"{}\"", number);
    CHECK(world.exchanged() == 200);
  }
  CHECK(logged(errors, "API server warned") == 256);
}
