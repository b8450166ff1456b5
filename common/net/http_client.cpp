#include "common/net/http_client.hpp"

#include "common/net/http_reader.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace net {
namespace {

/// Interim answers (RFC 9110, section 15.2) are followed by the one that counts.
Task<> receive_head(Stream& stream, HttpReader<Response>& reader) {
  auto const is_interim = [&] {
    return reader.parser().complete() && reader.parser().message().status / 100 == 1;
  };
  while (!reader.parser().head_complete() || is_interim()) {
    if (is_interim())
      CO_TRY(reader.restart());
    else
      CO_TRY(co_await reader.receive(stream));
  }
  co_return ok;
}

/// The server says nothing before we do, so that nothing of it can be read here by mistake.
Task<> open_tunnel(Stream& stream, Tunnel const& tunnel, Endpoint const& server) {
  Request request{.method = "CONNECT",
                  .target = server.text(),
                  .headers = {{"Host", server.text()}},
                  .body = {}};
  if (tunnel.authorization)
    request.headers.add("Proxy-Authorization", std::string{tunnel.authorization->reveal()});
  CO_TRY(auto const bytes, serialized(request));
  CO_TRY(co_await stream.write(bytes));
  HttpReader<Response> reader{MessageLimits{}};
  CO_TRY(co_await receive_head(stream, reader));
  auto const status = reader.parser().message().status;
  if (status / 100 == 2) co_return ok;
  auto refusal = fmt::format("the proxy answered {}", status);
  co_return status == 407 ? permanent(std::move(refusal)) : transient(std::move(refusal));
}

}  // namespace

struct Incoming::State {
  HttpClient& client;
  HttpClient::Connection connection;
  HttpReader<Response> reader;
  bool is_given_back = false;

  /// An answer that has ended leaves its connection to the next request.
  void give_back() {
    if (std::exchange(is_given_back, true)) return;
    auto unused = std::exchange(connection, {});
    if (reader.parser().keeps_alive() && !reader.has_more()) client.keep(std::move(unused));
  }
};

Incoming::Incoming() = default;
Incoming::Incoming(std::unique_ptr<State> state) : state_{std::move(state)} {}
Incoming::Incoming(Incoming&&) noexcept = default;
Incoming& Incoming::operator=(Incoming&&) noexcept = default;
Incoming::~Incoming() = default;

unsigned Incoming::status() const { return state_ ? state_->reader.parser().message().status : 0; }

Headers const& Incoming::headers() const {
  static Headers const none;
  return state_ ? state_->reader.parser().message().headers : none;
}

Task<std::string> Incoming::next(Limit limit) {
  if (!state_) co_return std::string{};
  auto& parser = state_->reader.parser();
  while (parser.message().body.empty() && !parser.complete())
    CO_TRY(co_await within(limit, state_->reader.receive(state_->connection.stream)));
  if (parser.complete()) state_->give_back();
  co_return std::exchange(parser.message().body, {});
}

Task<Response> HttpClient::exchange(Request request, Limit limit, Gate gate) {
  co_return co_await within(limit, whole_answer(std::move(request), std::move(gate)));
}

Task<Incoming> HttpClient::open(Request request, Limit limit) {
  MessageLimits const endless{.head = settings_.limits.head, .body = std::nullopt};
  co_return co_await within(limit, begun_answer(std::move(request), endless, {}));
}

Task<Response> HttpClient::whole_answer(Request request, Gate gate) {
  CO_TRY(auto answer, co_await begun_answer(std::move(request), settings_.limits, std::move(gate)));
  auto& reader = answer.state_->reader;
  while (!reader.parser().complete())
    CO_TRY(co_await reader.receive(answer.state_->connection.stream));
  auto response = std::move(reader.parser().message());
  answer.state_->give_back();
  co_return response;
}

Task<Incoming> HttpClient::begun_answer(Request request, MessageLimits limits, Gate gate) {
  request.headers.add("Host", settings_.server.text());
  CO_TRY(auto const bytes, serialized(request));
  CO_TRY(auto connection, co_await ready_connection());
  if (gate) CO_TRY(gate());
  CO_TRY(co_await connection.stream.write(bytes));
  HttpReader<Response> reader{limits};
  CO_TRY(co_await receive_head(connection.stream, reader));
  co_return Incoming{
      std::make_unique<Incoming::State>(*this, std::move(connection), std::move(reader))};
}

Task<HttpClient::Connection> HttpClient::ready_connection() {
  look_for_new_identities();
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (is_usable(connection)) co_return connection;
  }
  auto const activity = "connecting to " + settings_.server.text();
  auto made = co_await within(settings_.connecting, new_connection());
  if (!made) co_return Failure{std::move(made).error().during(activity)};
  co_return made;
}

Task<HttpClient::Connection> HttpClient::new_connection() {
  Connection made{.stream = {}, .generation = generation(), .idle_since = {}};
  auto const& tunnel = settings_.tunnel;
  auto const first = tunnel ? tunnel->proxy : settings_.server;
  auto connected = co_await connect(first, settings_.connecting);
  if (!connected && tunnel)
    co_return Failure{std::move(connected).error().during("the proxy " + first.text())};
  CO_TRY(made.stream, std::move(connected));
  if (tunnel && tunnel->tls) {
    CO_TRY(made.stream, co_await secured(std::move(made.stream), tunnel->tls, first.host));
  }
  if (tunnel) CO_TRY(co_await open_tunnel(made.stream, *tunnel, settings_.server));
  if (settings_.tls) {
    CO_TRY(made.stream, co_await secured(std::move(made.stream), settings_.tls, server_name()));
  }
  co_return made;
}

std::string HttpClient::server_name() const {
  return settings_.server_name.empty() ? settings_.server.host : settings_.server_name;
}

/// Whether files of a TLS context have changed.
void HttpClient::look_for_new_identities() const {
  if (settings_.tls) (void)settings_.tls->current();
  if (settings_.tunnel && settings_.tunnel->tls) (void)settings_.tunnel->tls->current();
}

/// Rises when a connection made before must not be used again.
std::uint64_t HttpClient::generation() const {
  auto const& tunnel = settings_.tunnel;
  return (settings_.tls ? settings_.tls->generation() : 0) +
         (tunnel && tunnel->tls ? tunnel->tls->generation() : 0);
}

bool HttpClient::is_usable(Connection& connection) const {
  return connection.generation == generation() &&
         std::chrono::steady_clock::now() - connection.idle_since < settings_.keep_idle &&
         connection.stream.is_quiet();
}

void HttpClient::keep(Connection connection) {
  connection.idle_since = std::chrono::steady_clock::now();
  std::erase_if(idle_, [this](Connection& other) { return !is_usable(other); });
  if (idle_.size() < settings_.most_idle) idle_.push_back(std::move(connection));
}

}  // namespace net
