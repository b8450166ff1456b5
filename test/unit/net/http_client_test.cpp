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
Peer saying(std::string const& bytes) {
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

Result<Response> answer_to(std::string const& bytes, HttpClientSettings settings = {}) {
  Result<Response> answered = permanent("not asked");
  auto const played = play(
      saying(bytes), [&](HttpClient& client) { return ask_for(client, answered); },
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

TEST_CASE("an answer that is read while it arrives may be of any length") {
  HttpClientSettings settings;
  settings.limits.body = 4;
  auto const read = [](HttpClient& client) -> Task<> {
    CO_TRY(auto answered, co_await client.open(question, 2s));
    std::string body;
    while (true) {
      CO_TRY(auto const piece, co_await answered.next(2s));
      if (piece.empty()) co_return body == "abcdefghi" ? ok : permanent(body);
      body += piece;
    }
  };
  for (std::string const framed :
       {"Content-Length: 9\r\n\r\nabcdefghi",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n3\r\nghi\r\n0\r\n\r\n",
        "\r\nabcdefghi"}) {
    auto const played = play(saying("HTTP/1.1 200 OK\r\n" + framed), read, settings);
    CHECK((played ? "" : played.error().message).empty());
  }
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
}

namespace {

/// Reads an answer to its end, and once more.
Task<> read_beyond_the_end(HttpClient& client) {
  CO_TRY(auto incoming, co_await client.open(question, 2s));
  bool ended = false;
  for (int reads_at_end = 0; reads_at_end < 3;) {
    CO_TRY(auto const piece, co_await incoming.next(2s));
    if (ended && !piece.empty()) co_return permanent("heard " + piece);
    ended = piece.empty();
    if (ended) ++reads_at_end;
  }
  co_return ok;
}

/// Answers once on each of two connections, the first of which stays open.
Peer on_two_connections(std::string const& first) {
  return [first](Listener& listener) -> Task<> {
    return [](Listener& from, std::string text) -> Task<> {
      CO_TRY(auto one, co_await from.next());
      CO_TRY(co_await answer(one, text));
      CO_TRY(auto two, co_await from.next());
      CO_TRY(co_await answer(two, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo"));
      co_return ok;
    }(listener, first);
  };
}

Task<> ask_second(HttpClient& client) {
  CO_TRY(auto const second, co_await client.exchange(question, 2s));
  co_return second.body == "two" ? ok : permanent("heard " + second.body);
}

Task<> ask_twice(HttpClient& client) {
  CO_TRY(auto const first, co_await client.exchange(question, 2s));
  if (first.body != "one") co_return permanent("heard " + first.body);
  co_return co_await ask_second(client);
}

}  // namespace

SCENARIO("a connection is not used again when that would mix up answers") {
  auto const problem = [](std::string const& first, Work work) {
    auto const played = play(on_two_connections(first), std::move(work));
    return played ? "" : played.error().message;
  };
  THEN("when the peer says that it closes it") {
    for (std::string const head :
         {"HTTP/1.1 200 OK\r\nConnection: close\r\n", "HTTP/1.0 200 OK\r\n"})
      CHECK(problem(head + "Content-Length: 3\r\n\r\none", ask_twice).empty());
  }
  THEN("when more comes than was asked for") {
    CHECK(problem("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
                  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstale",
                  ask_twice)
              .empty());
  }
  THEN("when an answer was dropped before its end") {
    CHECK(problem("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\none",
                  [](HttpClient& client) -> Task<> {
                    {
                      CO_TRY(auto incoming, co_await client.open(question, 2s));
                      CO_TRY(auto const piece, co_await incoming.next(2s));
                      if (piece != "one") co_return permanent("heard " + piece);
                    }
                    co_return co_await ask_second(client);
                  })
              .empty());
  }
}

SCENARIO("an answer that has ended stays at its end, and its connection is used again") {
  auto const peer = [](Listener& listener) -> Task<> {
    CO_TRY(auto stream, co_await listener.next());
    CO_TRY(co_await answer(stream, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"));
    CO_TRY(co_await answer(stream, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo"));
    co_return ok;
  };
  CHECK(play(peer, [](HttpClient& client) -> Task<> {
    CO_TRY(co_await read_beyond_the_end(client));
    co_return co_await ask_second(client);
  }));
}

namespace {

struct Tls {
  Authority authority;
  std::shared_ptr<net::TlsContext> client =
      net::TlsContext::create(
          {.authorities = Secret{std::string{authority.certificate()}}, .identity = {}})
          .value();
  std::shared_ptr<net::TlsContext> server = showing(authority.issue({"DNS:api.example"}));

  static std::shared_ptr<net::TlsContext> showing(Issued issued) {
    return net::TlsContext::create({.role = net::TlsRole::Server,
                                    .peer = net::PeerCheck::None,
                                    .authorities = {},
                                    .identity = net::Identity{Secret{std::move(issued.certificate)},
                                                              Secret{std::move(issued.key)}}})
        .value();
  }

  HttpClientSettings settings() const {
    HttpClientSettings made;
    made.tls = client;
    made.server_name = "api.example";
    return made;
  }
};

constexpr std::string_view empty_answer = "HTTP/1.1 204 \r\n\r\n";

}  // namespace

SCENARIO("a server is reached through a proxy that tunnels") {
  Tls const tls;
  std::string asked;
  auto const proxy = [&](std::string const& answers) -> Peer {
    return [&asked, &tls, answers](Listener& listener) -> Task<> {
      return [](Listener& from, std::shared_ptr<net::TlsContext> shown, std::string said,
                std::string& heard) -> Task<> {
        CO_TRY(auto stream, co_await from.next());
        CO_TRY(heard, co_await answer(stream, said));
        if (!said.contains(" 200 ")) co_return ok;
        CO_TRY(auto inner, co_await net::secured_as_server(std::move(stream), shown));
        CO_TRY(co_await answer(inner, empty_answer));
        co_return ok;
      }(listener, tls.server, answers, asked);
    };
  };
  Result<Response> answered;
  auto const reached_through = [&](std::string const& says) {
    return run([](Peer peer, HttpClientSettings settings, Result<Response>& outcome) -> Task<> {
      Listener listener{co_await asio::this_coro::executor};
      settings.server = {"api.example", 6443};  // a name that nobody but the proxy resolves
      settings.tunnel = net::Tunnel{
          .proxy = listener.endpoint(), .tls = {}, .authorization = Secret{"Basic dTpw"}};
      HttpClient client{std::move(settings)};
      co_return co_await within(5s, together([&](TaskGroup& group) {
                                  group.spawn(peer(listener));
                                  group.spawn(ask_for(client, outcome));
                                }));
    }(proxy(says), tls.settings(), answered));
  };
  THEN("the tunnel is asked for, and TLS goes through it") {
    CHECK(reached_through("HTTP/1.1 200 Connection established\r\n\r\n"));
    CHECK(asked ==
          "CONNECT api.example:6443 HTTP/1.1\r\nHost: api.example:6443\r\n"
          "Proxy-Authorization: Basic dTpw\r\nContent-Length: 0\r\n\r\n");
    REQUIRE(answered);
    CHECK(answered->status == 204);
  }
  THEN("a proxy that refuses is told of") {
    CHECK(reached_through("HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n"));
    CHECK(answered.error() ==
          Error{Fault::Permanent, "connecting to api.example:6443: the proxy answered 407"});
    CHECK(reached_through("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"));
    CHECK(answered.error().fault == Fault::Transient);
  }
}

TEST_CASE(
    "a connection that is refused names once where it was going, and the proxy if it is that") {
  HttpClientSettings settings;
  settings.server = {"127.0.0.1", 1};
  HttpClient direct{settings};
  CHECK(run(direct.exchange(question, 5s)).error() ==
        Error{Fault::Transient, "connecting to 127.0.0.1:1: Connection refused"});
  settings.tunnel = net::Tunnel{.proxy = {"127.0.0.1", 2}, .tls = {}, .authorization = {}};
  HttpClient tunnelled{settings};
  CHECK(run(tunnelled.exchange(question, 5s)).error() ==
        Error{Fault::Transient,
              "connecting to 127.0.0.1:1: the proxy 127.0.0.1:2: Connection refused"});
}

SCENARIO("a connection that showed an old identity is not used again") {
  Tls const tls;
  auto const two_connections = [&tls](Listener& listener) -> Task<> {
    return [](Listener& from, std::shared_ptr<net::TlsContext> shown) -> Task<> {
      std::vector<Stream> kept;
      for (int i = 0; i < 2; ++i) {
        CO_TRY(auto stream, co_await from.next());
        CO_TRY(auto secured, co_await net::secured_as_server(std::move(stream), shown));
        CO_TRY(co_await answer(secured, empty_answer));
        kept.push_back(std::move(secured));
      }
      co_return ok;
    }(listener, tls.server);
  };
  CHECK(play(
      two_connections,
      [&tls](HttpClient& client) {
        return [](HttpClient& asking, Authority const& authority) -> Task<> {
          CO_TRY(co_await asking.exchange(question, 2s));
          auto issued = authority.issue({"DNS:client"});
          CO_TRY(asking.settings().tls->use(
              {Secret{std::move(issued.certificate)}, Secret{std::move(issued.key)}}));
          CO_TRY(co_await asking.exchange(question, 2s));
          co_return ok;
        }(client, tls.authority);
      },
      tls.settings()));
}

SCENARIO("a tunnel whose proxy saw an old identity is not used again") {
  Tls const tls;
  auto const shown = Tls::showing(tls.authority.issue({"IP:127.0.0.1"}));
  auto const proxy = [](Listener& from, std::shared_ptr<net::TlsContext> with) -> Task<> {
    std::vector<Stream> kept;
    for (int i = 0; i < 2; ++i) {
      CO_TRY(auto stream, co_await from.next());
      CO_TRY(auto secured, co_await net::secured_as_server(std::move(stream), with));
      CO_TRY(co_await answer(secured, "HTTP/1.1 200 \r\n\r\n"));
      CO_TRY(co_await answer(secured, empty_answer));
      kept.push_back(std::move(secured));
    }
    co_return ok;
  };
  auto const ask_twice = [](HttpClient& asking, Authority const& authority) -> Task<> {
    CO_TRY(co_await asking.exchange(question, 2s));
    auto issued = authority.issue({"DNS:client"});
    CO_TRY(asking.settings().tunnel->tls->use(
        {Secret{std::move(issued.certificate)}, Secret{std::move(issued.key)}}));
    CO_TRY(co_await asking.exchange(question, 2s));
    co_return ok;
  };
  auto const both = [&]() -> Task<> {
    return [](auto peer, auto work, Tls const& with, auto context) -> Task<> {
      Listener listener{co_await asio::this_coro::executor};
      HttpClientSettings settings;
      settings.server = {"api.example", 80};
      settings.tunnel = net::Tunnel{
          .proxy = listener.endpoint(), .tls = with.client, .authorization = std::nullopt};
      HttpClient client{std::move(settings)};
      co_return co_await within(5s, together([&](TaskGroup& group) {
                                  group.spawn(peer(listener, context));
                                  group.spawn(work(client, with.authority));
                                }));
    }(proxy, ask_twice, tls, shown);
  };
  auto const asked = run(both());
  CHECK((asked ? "" : asked.error().message).empty());
}

SCENARIO("an answer is read while it arrives") {
  auto const silent = [](Listener& listener) -> Task<> {
    CO_TRY(auto stream, co_await listener.next());
    CO_TRY(co_await answer(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
    CO_TRY(co_await read_all(stream));
    co_return ok;
  };
  CHECK(play(silent, [](HttpClient& client) -> Task<> {
    CO_TRY(auto incoming, co_await client.open(question, 2s));
    auto const piece = co_await incoming.next(10ms);
    incoming = {};
    co_return piece ? permanent("heard " + *piece) : ok;
  }));
  CHECK(play(
      [](Listener& listener) -> Task<> {
        CO_TRY(auto stream, co_await listener.next());
        CO_TRY(co_await answer(stream,
                               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"));
        co_return ok;
      },
      [](HttpClient& client) -> Task<> {
        CO_TRY(auto incoming, co_await client.open(question, 2s));
        std::string heard;
        while (true) {
          CO_TRY(auto const piece, co_await incoming.next(1s));
          if (piece.empty()) break;
          heard += piece;
        }
        co_return heard == "onetwo" && incoming.status() == 200 ? ok : permanent(heard);
      }));
}
