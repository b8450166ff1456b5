#include "test/component/faults/proxied.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace faults;
using namespace std::chrono_literals;

namespace {

/// A watch of config maps that has seen the first of them, "a".
struct Watched : Proxied {
  explicit Watched(std::string_view more = {}) {
    create("configmap", "a");
    client.ask("GET", watch("configmaps", more));
  }
  bool sees(std::string_view name) { return client.saw(fmt::format(R"("name":"{}")", name)); }

  Wire client{proxy.address()};
};

constexpr std::string_view initial_events =
    "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
constexpr std::string_view last_chunk = "\r\n0\r\n\r\n";

}  // namespace

TEST_CASE("a watch that is left alone flows, and ends when it is over") {
  Watched world{"&timeoutSeconds=1"};
  CHECK(world.client.saw(last_chunk));
  CHECK(world.client.has("Transfer-Encoding: chunked\r\n"));
  CHECK(world.client.has(R"({"type":"ADDED","object":{"kind":"ConfigMap")"));
  CHECK(world.sees("a"));
  world.client.ask("GET", "/version");
  CHECK(world.client.saw("gitVersion"));
}

TEST_CASE("an event can be kept back, sent twice, or made large") {
  Watched world;
  REQUIRE(world.sees("a"));
  world.proxy.inject(EventMatch{.type = "DELETED", .name = "a"}, Drop{});
  world.proxy.inject(EventMatch{.resource = "configmaps", .name = "b"}, Repeat{});
  world.proxy.inject(EventMatch{.name = "c"}, Inflate{5'000'000});
  world.remove("configmap", "a");
  for (auto const* name : {"b", "c", "d"}) world.create("configmap", name);
  REQUIRE(world.sees("d"));
  CHECK_FALSE(world.client.has("DELETED"));
  CHECK(count(world.client.received(), R"("name":"b")") == 2);
  CHECK(count(world.client.received(), R"("name":"c")") == 1);
  CHECK(world.client.received().size() > 5'000'000);
}

TEST_CASE("a watch can be without bookmarks, or have nothing else") {
  Watched world{initial_events};
  REQUIRE(world.client.saw("initial-events-end"));
  world.proxy.inject(EventMatch{.type = "BOOKMARK", .times = always}, Drop{});
  Wire without{world.proxy.address()};
  without.ask("GET", world.watch("configmaps", initial_events));
  REQUIRE(without.saw(R"("name":"a")"));
  world.create("configmap", "b");
  REQUIRE(without.saw(R"("name":"b")"));
  CHECK_FALSE(without.has("BOOKMARK"));

  world.proxy.forget_faults();
  world.proxy.inject(EventMatch{.type = "!BOOKMARK", .times = always}, Drop{});
  Wire nothing_else{world.proxy.address()};
  nothing_else.ask("GET", world.watch("configmaps", initial_events));
  REQUIRE(nothing_else.saw("initial-events-end"));
  CHECK_FALSE(nothing_else.has("ADDED"));
}

TEST_CASE("a watch can end in every way that the network knows") {
  Watched world;
  REQUIRE(world.sees("a"));
  SECTION("as HTTP wants it") {
    world.proxy.end_watches("configmaps", {});
    CHECK(world.client.saw(last_chunk));
    CHECK(world.client.state_after(1ms) == Wire::State::Open);
  }
  SECTION("between two events") {
    world.proxy.end_watches("configmaps", {Ending::WithoutLastChunk, ""});
    CHECK(world.client.state_after() == Wire::State::Closed);
    CHECK(world.client.received().ends_with("}\n\r\n"));
  }
  SECTION("within an event") {
    world.proxy.inject(EventMatch{.name = "b"}, End{Ending::WithinEvent, ""});
    world.create("configmap", "b");
    CHECK(world.client.state_after() == Wire::State::Closed);
    CHECK(count(world.client.received(), R"({"type":"ADDED")") == 2);
    CHECK_FALSE(world.client.received().ends_with("}\n\r\n"));
  }
  SECTION("within an event that is not") {
    world.proxy.end_watches("configmaps", {Ending::WithinEvent, ""});
    CHECK(world.client.state_after() == Wire::State::Closed);
    CHECK(world.client.has(R"({"type":"MODIFIED")"));
    CHECK_FALSE(world.client.received().ends_with("}\n\r\n"));
  }
  SECTION("with a reset") {
    world.proxy.end_watches("", {Ending::Reset, ""});
    CHECK(world.client.state_after() == Wire::State::Reset);
  }
  SECTION("with an error, at an event or at once") {
    auto const status = GENERATE(410U, 500U);
    if (status == 410) world.proxy.end_watches("configmaps", end_with_error(status));
    if (status == 500) {
      world.proxy.inject(EventMatch{.name = "b"}, end_with_error(status));
      world.create("configmap", "b");
    }
    CHECK(world.client.saw(last_chunk));
    CHECK(world.client.has(R"({"type":"ERROR","object":{"kind":"Status")"));
    CHECK(world.client.has(fmt::format(R"("code":{})", status)));
    CHECK_FALSE(world.client.has(R"("name":"b")"));
  }
  SECTION("because the API server is gone") {
    world.control_plane.kill(ControlPlane::Component::KubeApiServer);
    CHECK(world.client.state_after() == Wire::State::Reset);
  }
}

TEST_CASE("one resource's watches can stand still while others flow") {
  Watched world;
  Wire accounts{world.proxy.address()};
  REQUIRE(world.sees("a"));
  accounts.ask("GET", world.watch("serviceaccounts"));
  world.proxy.freeze("configmaps");
  world.create("configmap", "b");
  world.create("serviceaccount", "s");
  REQUIRE(accounts.saw(R"("name":"s")"));
  CHECK(world.client.state_after(50ms) == Wire::State::Open);
  CHECK_FALSE(world.client.has(R"("name":"b")"));
  SECTION("and go on") {
    world.proxy.thaw("configmaps");
    CHECK(world.sees("b"));
  }
  SECTION("and end") {
    world.proxy.end_watches("configmaps", {Ending::Reset, ""});
    CHECK(world.client.state_after() == Wire::State::Reset);
    CHECK_FALSE(world.client.has(R"("name":"b")"));
  }
}

TEST_CASE("each event can come a few bytes at a time") {
  Proxied world;
  world.proxy.inject(Match{.verb = "watch"}, Trickle{7, 1ms});
  Wire client{world.proxy.address()};
  world.create("configmap", "a");
  client.ask("GET", world.watch());
  CHECK(client.saw("}\n\r\n"));
}

TEST_CASE("a watch can be refused: with 410, or as by a server that knows no initial events") {
  Proxied world;
  world.proxy.inject(Match{.verb = "watch", .query = "sendInitialEvents", .times = always},
                     refuse_initial_events());
  world.proxy.inject(Match{.verb = "watch"}, respond(410));
  Wire client{world.proxy.address()};
  client.ask("GET", world.watch("configmaps", initial_events));
  CHECK(client.saw(R"("field":"sendInitialEvents")"));
  CHECK(client.has("HTTP/1.1 422 "));
  client.ask("GET", world.watch());
  CHECK(client.saw(R"("reason":"Expired")"));
}

TEST_CASE("the past comes back as a list, as initial events, and as a watch from then on") {
  Proxied world;
  world.create("configmap", "a");
  auto const past = world.resource_version();
  world.remove("configmap", "a");
  world.create("configmap", "b");
  world.proxy.inject(Match{.resource = "configmaps", .times = always}, Rewind{past});
  Wire client{world.proxy.address()};

  client.ask("GET", world.path("configmaps?resourceVersion=0&limit=500"));
  CHECK(client.saw(fmt::format(R"("resourceVersion":"{}")", past)));
  CHECK(client.saw(R"("name":"a")"));
  CHECK_FALSE(client.has(R"("name":"b")"));
  client.forget();

  world.proxy.inject(EventMatch{.type = "DELETED"}, Drop{});
  client.ask("GET", world.watch("configmaps", initial_events));
  REQUIRE(client.saw(R"("name":"b")"));
  CHECK(client.received().find(R"("name":"a")") < client.received().find("initial-events-end"));
  CHECK(client.received().find("initial-events-end") < client.received().find(R"("name":"b")"));
}
