#include "common/kube/refusal.hpp"

#include "test/support/listener.hpp"
#include "test/support/manual_loop.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;

namespace {

/// A refusal on its way, and the server that sends it.
struct Underway {
  ManualLoop loop;
  Listener listener{loop.executor()};
  net::HttpClient client{settings(listener)};
  net::Stream server;
  net::Incoming answer;

  Underway() {
    auto const accepting = loop.start(accept(listener, server));
    auto const asking = loop.start(ask(client, answer));
    REQUIRE(loop.until([&] { return !accepting.is_running() && !asking.is_running(); }));
    REQUIRE(asking.outcome());
  }

  static net::HttpClientSettings settings(Listener const& listener) {
    net::HttpClientSettings settings;
    settings.server = listener.endpoint();
    return settings;
  }
  static Task<> accept(Listener& listener, net::Stream& server) {
    CO_TRY(server, co_await listener.next());
    CO_TRY(co_await read_until(server, "\r\n\r\n"));
    co_return co_await server.write(
        "HTTP/1.1 403 Forbidden\r\nRetry-After: 7\r\nContent-Length: 41\r\n\r\n");
  }
  static Task<> ask(net::HttpClient& client, net::Incoming& answer) {
    CO_TRY(answer, co_await client.open({.target = "/", .headers = {}, .body = {}}, 10s));
    co_return ok;
  }
  void say(std::string_view bytes) {
    auto const saying = loop.start(server.write(bytes));
    REQUIRE(loop.until([&] { return !saying.is_running(); }));
  }
};

}  // namespace

TEST_CASE("a refusal is what its whole body says") {
  Underway underway;
  auto const reading =
      underway.loop.start(kube::refusal_of(underway.answer, underway.loop.clock()));
  underway.say(R"({"kind":"Status","code":403,)");
  underway.loop.advance(29s);
  underway.say(R"("reason":"x"})");
  REQUIRE(underway.loop.until([&] { return !reading.is_running(); }));
  REQUIRE(reading.outcome());
  CHECK(reading.outcome()->status.reason == "x");
  CHECK(reading.outcome()->retry_after == 7s);
}

TEST_CASE("a refusal that never comes to its end is given up, however often a part of it comes") {
  Underway underway;
  auto const reading =
      underway.loop.start(kube::refusal_of(underway.answer, underway.loop.clock()));
  for (int part = 0; part < 3; ++part) {
    CHECK(reading.is_running());
    underway.say("{");
    underway.loop.advance(10s);
  }
  REQUIRE(underway.loop.until([&] { return !reading.is_running(); }));
  CHECK(reading.outcome().error().fault == Fault::Transient);
}
