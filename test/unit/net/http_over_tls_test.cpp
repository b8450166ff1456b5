#include "common/net/http_client.hpp"
#include "common/net/http_server.hpp"
#include "test/support/certificates.hpp"
#include "test/support/listener.hpp"
#include "test/support/run.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;
using net::Asked;
using net::HttpClient;
using net::HttpClientSettings;
using net::HttpServer;
using net::HttpServerSettings;
using net::Response;
using net::Stream;
using net::TlsContext;
using net::TlsRole;

std::shared_ptr<TlsContext> showing(Issued issued) {
  return TlsContext::create({.role = TlsRole::Server,
                             .peer = net::PeerCheck::None,
                             .authorities = {},
                             .identity = net::Identity{Secret{std::move(issued.certificate)},
                                                       Secret{std::move(issued.key)}}})
      .value();
}

std::shared_ptr<TlsContext> trusting(Authority const& authority) {
  return TlsContext::create(
             {.authorities = Secret{std::string{authority.certificate()}}, .identity = {}})
      .value();
}

Task<Response> echo(Asked asked) {
  co_return Response{.headers = {}, .body = std::move(asked.request.body)};
}

Task<> relay(Stream& from, Stream& to) {
  std::array<char, 4096> piece{};
  while (true) {
    CO_TRY(auto const count, co_await from.read_some(piece));
    if (count == 0) co_return cancelled();
    CO_TRY(co_await to.write({piece.data(), count}));
  }
}

/// A proxy that takes its orders over TLS, and knows one server.
Task<> proxy(Listener& listener, std::shared_ptr<TlsContext> shown, net::Endpoint server) {
  CO_TRY(auto plain, co_await listener.next());
  CO_TRY(auto client, co_await net::secured_as_server(std::move(plain), shown));
  CO_TRY(auto const asked, co_await read_until(client, "\r\n\r\n"));
  CHECK(asked.starts_with("CONNECT api.example:6443 HTTP/1.1\r\n"));
  CO_TRY(auto reached, co_await net::connect(server, 5s));
  CO_TRY(co_await client.write("HTTP/1.1 200 Connection established\r\n\r\n"));
  co_return co_await together([&](TaskGroup& group) {
    group.spawn(relay(client, reached));
    group.spawn(relay(reached, client));
  });
}

/// Asks twice, and ends all.
Task<> ask(HttpClientSettings settings, std::string& heard) {
  HttpClient client{std::move(settings)};
  for (auto const* const said : {"over ", "TLS"}) {
    CO_TRY(auto const answer,
           co_await client.exchange({.method = "POST", .target = "/", .headers = {}, .body = said},
                                    5s));
    heard += answer.body;
  }
  co_return cancelled();
}

/// What a client hears of an echo at api.example, through the tunnel if there is one to go through.
Task<std::string> echoed(HttpClientSettings settings, std::shared_ptr<TlsContext> server_shows,
                         std::shared_ptr<TlsContext> proxy_shows) {
  auto const executor = co_await asio::this_coro::executor;
  HttpServerSettings served;
  served.address = {"127.0.0.1", 0};
  served.tls = std::move(server_shows);
  CO_TRY(auto server, HttpServer::listen(executor, std::move(served)));
  net::Endpoint const at{"127.0.0.1", server.port()};
  Listener listener{executor};
  settings.server = settings.tunnel ? net::Endpoint{"api.example", 6443} : at;
  settings.server_name = "api.example";
  if (settings.tunnel) settings.tunnel->proxy = listener.endpoint();
  std::string heard;
  auto const ended = co_await within(5s, together([&](TaskGroup& group) {
                                       group.spawn(server.serve(echo));
                                       if (settings.tunnel)
                                         group.spawn(proxy(listener, proxy_shows, at));
                                       group.spawn(ask(settings, heard));
                                     }));
  if (!ended && ended.error().fault != Fault::Cancelled) co_return Failure{ended.error()};
  co_return heard;
}

}  // namespace

SCENARIO("requests are answered over TLS") {
  Authority const authority;
  auto const server = showing(authority.issue({"DNS:api.example"}));
  HttpClientSettings settings;
  settings.tls = trusting(authority);
  CHECK(run(echoed(settings, server, {})).value() == "over TLS");
}

SCENARIO("TLS goes through a proxy that is itself reached over TLS") {
  Authority const authority;
  Authority const proxys{"the proxy's"};
  auto const server = showing(authority.issue({"DNS:api.example"}));
  auto const proxy = showing(proxys.issue({"IP:127.0.0.1"}));
  HttpClientSettings settings;
  settings.tls = trusting(authority);
  settings.tunnel = net::Tunnel{.proxy = {}, .tls = trusting(proxys), .authorization = {}};
  WHEN("both prove who they are") {
    CHECK(run(echoed(settings, server, proxy)).value() == "over TLS");
  }
  WHEN("the proxy is another") {
    auto const other = showing(authority.issue({"IP:127.0.0.1"}));
    CHECK_FALSE(run(echoed(settings, server, other)));
  }
  WHEN("the server is another") {
    auto const other = showing(proxys.issue({"DNS:api.example"}));
    CHECK(run(echoed(settings, other, proxy)).error().message ==
          "connecting to api.example:6443: the peer's certificate: "
          "unable to get local issuer certificate");
  }
}
