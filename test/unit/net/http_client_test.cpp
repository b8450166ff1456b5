#include "common/net/http_client.hpp"

#include "test/support/certificates.hpp"
#include "test/support/listener.hpp"
#include "test/support/run.hpp"

#include <catch2/catch_test_macros.hpp>
#include <functional>

namespace {

using namespace std::chrono_literals;
using net::HttpClient;
using net::HttpClientSettings;
using net::Request;
using net::Response;
using net::Stream;

Request const question{.target = "/x", .headers = {}, .body = {}};

using Peer = std::function<Task<>(Listener&)>;
using Work = std::function<Task<>(HttpClient&)>;

/// A client at work while a peer plays its part; both have to succeed.
Task<> together_with(Peer peer, Work work, HttpClientSettings settings) {
  Listener listener{co_await asio::this_coro::executor};
  settings.server = listener.endpoint();
  HttpClient client{std::move(settings)};
  CO_TRY(co_await within(5s, together([&](TaskGroup& group) {
                           group.spawn(peer(listener));
                           group.spawn(work(client));
                         })));
  co_return ok;
}

Result<> play(Peer peer, Work work, HttpClientSettings settings = {}) {
  return run(together_with(std::move(peer), std::move(work), std::move(settings)));
}

/// Reads one request and says `answer`.
Task<std::string> answer(Stream& stream, std::string_view bytes) {
  CO_TRY(auto asked, co_await read_until(stream, "\r\n\r\n"));
  CO_TRY(co_await stream.write(bytes));
  co_return asked;
}

/// A peer that says `bytes` to whatever it is asked, and leaves.
Peer saying(std::string bytes) {
  return [bytes](Listener& listener) -> Task<> {
    return [](Listener& from, std::string text) -> Task<> {
      CO_TRY(auto stream, co_await from.next());
      CO_TRY(co_await answer(stream, text));
      co_return ok;
    }(listener, bytes);
  };
}

Task<> ask_for(HttpClient& client, Result<Response>& answered) {
  answered = co_await client.exchange(question, 2s);
  co_return ok;
}

Result<Response> answer_to(std::string bytes, HttpClientSettings settings = {}) {
  Result<Response> answered = permanent("not asked");
  auto const played = play(
      saying(std::move(bytes)), [&](HttpClient& client) { return ask_for(client, answered); },
      std::move(settings));
  if (!played) return Failure{played.error()};
  return answered;
}

}  // namespace

TEST_CASE("an answer comes back with status, headers and body") {
  auto const answered =
      answer_to("HTTP/1.1 404 Not Found\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\n{}");
  REQUIRE(answered);
  CHECK(answered->status == 404);
  CHECK(answered->headers.find("retry-after") == "3");
  CHECK(answered->body == "{}");
}

TEST_CASE("interim answers are passed over") {
  auto const answered = answer_to(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  REQUIRE(answered);
  CHECK(answered->status == 200);
  CHECK(answered->body == "ok");
}

TEST_CASE("answers that can't be read are failures that may heal") {
  for (std::string const bytes : {"", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nContent-Le",
                                  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"}) {
    CAPTURE(bytes);
    auto const answered = answer_to(bytes);
    REQUIRE_FALSE(answered);
    CHECK(answered.error().fault == Fault::Transient);
  }
}

TEST_CASE("an answer longer than allowed is refused") {
  HttpClientSettings settings;
  settings.limits.body = 4;
  CHECK(answer_to("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", settings).error().message ==
        "the peer's HTTP can't be read: body limit exceeded");
}

SCENARIO("connections are kept for the next request") {
  GIVEN("a peer that answers twice on one connection") {
    auto const peer = [](Listener& listener) -> Task<> {
      CO_TRY(auto stream, co_await listener.next());
      CO_TRY(co_await answer(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"));
      CO_TRY(co_await answer(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2"));
      co_return ok;
    };
    THEN("both answers come over it") {
      CHECK(play(peer, [](HttpClient& client) -> Task<> {
        CO_TRY(auto const first, co_await client.exchange(question, 2s));
        CO_TRY(auto const second, co_await client.exchange(question, 2s));
        co_return first.body + second.body == "12" ? ok : permanent(first.body + second.body);
      }));
    }
  }
  GIVEN("a peer that answers once on each connection") {
    auto const peer = [](Listener& listener) -> Task<> {
      for (auto const* const body : {"1", "2", "3"}) {
        CO_TRY(auto stream, co_await listener.next());
        auto const text = std::string{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"} + body;
        CO_TRY(co_await answer(stream, text));
      }
      co_return ok;
    };
    auto const three_answers = [](HttpClient& client) -> Task<> {
      std::string bodies;
      for (int i = 0; i < 3; ++i) {
        CO_TRY(auto const answered, co_await client.exchange(question, 2s));
        bodies += answered.body;
        client.forget_connections();
      }
      co_return bodies == "123" ? ok : permanent(bodies);
    };
    THEN("forgotten connections are not used again") { CHECK(play(peer, three_answers)); }
  }
}
