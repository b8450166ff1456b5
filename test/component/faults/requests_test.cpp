#include "test/component/faults/proxied.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace faults;
using namespace std::chrono_literals;

TEST_CASE("without faults the proxy is not noticed, and writes down what it saw") {
  Proxied world;
  Wire client{world.proxy.address()};
  client.ask("POST", world.path("configmaps"), "Content-Type: application/json\r\n",
             config_map_named("a"));
  REQUIRE(client.saw("HTTP/1.1 201 Created"));
  client.ask("GET", world.config_map("a"), "User-Agent: other\r\n");
  REQUIRE(client.saw("HTTP/1.1 200 OK"));
  CHECK(world.exists("a"));
  auto const seen = world.proxy.journal().entries();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].call.verb == "create");
  CHECK(seen[0].call.user_agent == "wire");
  CHECK(seen[1].call.namespace_name == world.space.name());
  CHECK(seen[1].call.name == "a");
  CHECK(seen[1].reached_server);
  CHECK(seen[1].server_status == 200);
  CHECK(seen[1].status == 200);
}

TEST_CASE("an answer of the proxy's own has the status, header and body that were asked for") {
  Proxied world;
  Wire client{world.proxy.address()};
  auto limited = respond(429);
  limited.retry_after = "3";
  world.proxy.inject(Match{.verb = "get"}, limited);
  world.proxy.inject(Match{.verb = "get", .resource = "configmaps"},
                     Respond{.status = 500, .body = "<p>", .content_type = "text/html"});
  for (auto const status : {503U, 504U, 409U, 403U, 401U, 410U})
    world.proxy.inject(Match{.verb = "get"}, respond(status));

  client.ask("GET", world.config_map("a"));
  REQUIRE(client.saw(R"("code":429})"));
  CHECK(client.has("HTTP/1.1 429 Too Many Requests\r\n"));
  CHECK(client.has("Retry-After: 3\r\n"));
  CHECK(client.has("Content-Type: application/json\r\n"));
  CHECK(client.has(R"("reason":"TooManyRequests")"));
  client.forget();
  client.ask("GET", world.config_map("a"));
  REQUIRE(client.saw("<p>"));
  CHECK(client.has("HTTP/1.1 500 "));
  CHECK(client.has("Content-Type: text/html\r\n"));
  CHECK_FALSE(client.has("Retry-After"));
  for (auto const* status : {"503", "504", "409", "403", "401", "410"}) {
    client.ask("GET", world.config_map("a"));
    CHECK(client.saw(fmt::format("HTTP/1.1 {} ", status)));
  }
  client.ask("GET", world.config_map("a"));
  CHECK(client.saw("HTTP/1.1 404 "));
  CHECK(world.proxy.received("get", "configmaps") == 9);
  CHECK(world.proxy.reached_server("get", "configmaps") == 1);
}

TEST_CASE("a delayed request is answered in the end") {
  Proxied world;
  Wire client{world.proxy.address()};
  world.proxy.inject(Match{}, Delay{300ms});
  client.ask("GET", "/version");
  CHECK(client.state_after(100ms) == Wire::State::Open);
  CHECK(client.received().empty());
  CHECK(client.saw("gitVersion"));
}

TEST_CASE("a connection can be reset before the API server sees the request") {
  Proxied world;
  Wire client{world.proxy.address()};
  world.proxy.inject(Match{.verb = "create"}, ResetBefore{});
  client.ask("POST", world.path("configmaps"), "Content-Type: application/json\r\n",
             config_map_named("a"));
  CHECK(client.state_after() == Wire::State::Reset);
  CHECK(client.received().empty());
  CHECK_FALSE(world.exists("a"));
  CHECK(world.proxy.received("create", "configmaps") == 1);
  CHECK(world.proxy.reached_server("create", "configmaps") == 0);
}

TEST_CASE("a write can be carried out and its answer lost") {
  Proxied world;
  Wire client{world.proxy.address()};
  world.proxy.inject(Match{.verb = "create"}, ResetAfter{});
  client.ask("POST", world.path("configmaps"), "Content-Type: application/json\r\n",
             config_map_named("a"));
  CHECK(client.state_after() == Wire::State::Reset);
  CHECK(client.received().empty());
  CHECK(world.exists("a"));
  auto const written = world.proxy.journal().entries().front();
  CHECK(written.server_status == 201);
  CHECK(written.status == 0);
}

TEST_CASE("an answer can end in the middle of its body") {
  Proxied world;
  Wire client{world.proxy.address()};
  world.proxy.inject(Match{}, Truncate{10});
  client.ask("GET", "/version");
  CHECK(client.state_after() == Wire::State::Closed);
  CHECK(client.received().size() == client.received().find("\r\n\r\n") + 4 + 10);
}

TEST_CASE("an answer can come a few bytes at a time") {
  Proxied world;
  Wire client{world.proxy.address()};
  world.proxy.inject(Match{}, Trickle{16, 20ms});
  client.ask("GET", "/version");
  client.saw("HTTP/1.1 200");
  CHECK(client.received().size() == 16);
  CHECK(client.saw("platform"));
}

TEST_CASE("a connection can stay open and say nothing, whether the API server was asked or not") {
  Proxied world;
  Wire unasked{world.proxy.address()};
  Wire unanswered{world.proxy.address()};
  Wire half_answered{world.proxy.address()};
  world.proxy.inject(Match{.name = "a"}, SwallowRequest{});
  world.proxy.inject(Match{.name = "b"}, SwallowAnswer{});
  world.proxy.inject(Match{.name = "c"}, SwallowAnswer{5});
  unasked.ask("GET", world.config_map("a"));
  unanswered.ask("GET", world.config_map("b"));
  half_answered.ask("GET", world.config_map("c"));
  CHECK(half_answered.saw("\r\n\r\n{\"kin"));
  REQUIRE(world.proxy.journal().await(
      [](auto const& seen) { return seen.size() == 3 && seen[1].server_status == 404; }, 10s));
  CHECK(unasked.state_after(100ms) == Wire::State::Open);
  CHECK(unanswered.state_after(1ms) == Wire::State::Open);
  CHECK(half_answered.state_after(1ms) == Wire::State::Open);
  CHECK((unasked.received() + unanswered.received()).empty());
  CHECK(half_answered.received().ends_with("{\"kin"));
  CHECK(world.proxy.reached_server("get", "configmaps") == 2);
}

TEST_CASE("faults can be called off, and connections cut") {
  Proxied world;
  Wire client{world.proxy.address()};
  world.proxy.inject(Match{.times = always}, respond(503));
  client.ask("GET", "/version");
  CHECK(client.saw("HTTP/1.1 503"));
  world.proxy.forget_faults();
  client.ask("GET", "/version");
  CHECK(client.saw("gitVersion"));
  world.proxy.reset_connections();
  CHECK(client.state_after() == Wire::State::Reset);
  Wire next{world.proxy.address()};
  next.ask("GET", "/version");
  CHECK(next.saw("gitVersion"));
}

TEST_CASE("a client that shows a token is passed on with it alone") {
  Proxied world;
  Wire client{world.proxy.address()};
  client.ask("GET", world.config_map("a"), "Authorization: Bearer none\r\n");
  CHECK(client.saw("HTTP/1.1 401"));
}

TEST_CASE("an API server that is away looks like one that resets connections") {
  Proxied world;
  Wire client{world.proxy.address()};
  world.control_plane.stop(ControlPlane::Component::KubeApiServer);
  client.ask("GET", "/version");
  CHECK(client.state_after() != Wire::State::Open);
  CHECK(client.received().empty());
  CHECK(world.proxy.reached_server("get", "/version") == 0);
  world.control_plane.start(ControlPlane::Component::KubeApiServer);
}

TEST_CASE("the proxy's certificate can change while clients are connected") {
  Proxied world;
  auto const before = world.proxy.address();
  auto const next = new_identity();
  Wire old_connection{before};
  world.proxy.present(next);
  old_connection.ask("GET", "/version");
  CHECK(old_connection.saw("gitVersion"));

  auto both = before;
  both.authority += next.authority;
  CHECK(Wire{before}.refusal().contains("certificate verify failed"));
  CHECK(Wire{both}.refusal().empty());
  CHECK(Wire{world.proxy.address()}.refusal().empty());
}
