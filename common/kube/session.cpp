#include "common/kube/session.hpp"

#include "common/kube/object.hpp"
#include "common/kube/refusal.hpp"
#include "common/kube/retry.hpp"
#include "common/logging.hpp"
#include "common/metrics.hpp"

#include <fmt/core.h>

namespace kube {
namespace {

constexpr std::size_t most_warnings = 256;

/// The two kinds of answers, whole and still arriving, seen alike.
unsigned status(net::Response const& answer) { return answer.status; }
unsigned status(net::Incoming const& answer) { return answer.status(); }
net::Headers const& headers(net::Response const& answer) { return answer.headers; }
net::Headers const& headers(net::Incoming const& answer) { return answer.headers(); }
std::size_t bytes(net::Response const& answer) { return answer.body.size(); }
std::size_t bytes(net::Incoming const&) { return 0; }

template <class Answer>
Attempted attempted(std::string_view method, Result<Answer> const& answer, Clock const& clock) {
  if (!answer) return {.method = method, .status = {}, .retry_after = {}};
  return {.method = method,
          .status = status(*answer),
          .retry_after = retry_after_of(headers(*answer), clock)};
}

/// What the last attempt came to, and the one before where that says more: "no answer within 60 s"
/// alone helps nobody (client-go rest/with_retry.go, WrapPreviousError).
template <class Answer>
Result<Answer> with_previous(Result<Answer> last, std::string const& previous) {
  if (last || last.error().fault == Fault::Cancelled) return last;
  if (!previous.empty() && previous != last.error().message)
    last.error().message += "; the attempt before: " + previous;
  return last;
}

/// The authorities of a proxy are those that the system trusts.
Result<net::Tunnel> tunnel(net::ProxyServer const& proxy) {
  net::Tunnel made{.proxy = proxy.endpoint, .tls = {}, .authorization = proxy.authorization};
  if (proxy.transport == net::ProxyServer::Transport::Tls) {
    TRY(made.tls, net::TlsContext::create({.authorities = {}, .identity = {}}));
  }
  return made;
}

Result<net::HttpClientSettings> http_settings(Config const& config) {
  net::HttpClientSettings settings;
  settings.server = config.server.endpoint;
  settings.server_name = config.server_name;
  if (config.server.scheme == Server::Scheme::Https) {
    TRY(settings.tls, net::TlsContext::create(config.tls));
  }
  if (config.proxy) {
    TRY(settings.tunnel, tunnel(*config.proxy));
  }
  return settings;
}

void add_impersonation(net::Headers& headers, Impersonation const& as) {
  if (as.user.empty()) return;
  headers.add("Impersonate-User", as.user);
  if (!as.uid.empty()) headers.add("Impersonate-Uid", as.uid);
  for (auto const& group : as.groups) headers.add("Impersonate-Group", group);
  for (auto const& [key, values] : as.extra)
    for (auto const& value : values)
      headers.add("Impersonate-Extra-" + percent_encoded(key), value);
}

}  // namespace

Session::Session(Config config, SessionSettings settings, net::HttpClientSettings http,
                 std::unique_ptr<Credentials> credentials, Clock& clock)
    : config_{std::move(config)},
      settings_{std::move(settings)},
      clock_{clock},
      http_{std::move(http)},
      credentials_{std::move(credentials)} {}

Result<std::unique_ptr<Session>> Session::create(Config config, SessionSettings settings,
                                                 Clock& clock, Environment const& environment) {
  auto http = http_settings(config);
  if (!http) return Failure{std::move(http).error().during(config.origin)};
  auto credentials = credentials_for(config.login, clock, environment);
  return std::unique_ptr<Session>{new Session{std::move(config), std::move(settings),
                                              *std::move(http), std::move(credentials), clock}};
}

Task<net::Response> Session::exchange(net::Request request, Retries retries, net::Gate gate) {
  return until_answered<net::Response>(std::move(request), retries, settings_.answering,
                                       std::move(gate));
}

Task<net::Incoming> Session::open(net::Request request, Retries retries,
                                  std::optional<Limit> limit) {
  return until_answered<net::Incoming>(std::move(request), retries,
                                       limit.value_or(settings_.answering), {});
}

template <class Answer>
Task<Answer> Session::until_answered(net::Request request, Retries retries, Limit limit,
                                     net::Gate gate) {
  request.target.insert(0, config_.server.path);
  auto const patience_ends = later(clock_.now(), settings_.patience);
  bool refused = false;
  std::string previous;
  std::uint64_t credential = 0;
  for (unsigned tries = 0;; ++tries) {
    auto answer = co_await attempt<Answer>(request, limit, gate, credential);
    if (answer && status(*answer) == 401 && !std::exchange(refused, true)) {
      CO_TRY(bool const again, co_await credentials_->refused(credential));
      if (again) continue;
    }
    auto const ended = attempted(request.method, answer, clock_);
    auto const delay = delay_before_retry(ended, tries);
    bool const may_heal = answer || answer.error().fault == Fault::Transient;
    bool const ends = !delay || retries == Retries::None || !may_heal;
    auto const next = later(clock_.now(), delay.value_or(std::chrono::seconds{0}));
    if (ends || next > patience_ends) co_return with_previous(std::move(answer), previous);
    previous = answer ? fmt::format("answered {}", status(*answer)) : answer.error().message;
    metrics::will_try_again({.method = request.method, .host = config_.server.endpoint.host});
    CO_TRY(co_await clock_.until(next));
  }
}

template <class Answer>
Task<Answer> Session::attempt(net::Request request, Limit limit, net::Gate const& gate,
                              std::uint64_t& credential) {
  CO_TRY(credential, co_await sign(request));
  metrics::Exchange measured{.method = request.method,
                             .host = config_.server.endpoint.host,
                             .bytes_sent = request.body.size()};
  auto const began = clock_.now();
  Result<Answer> answer;
  if constexpr (std::is_same_v<Answer, net::Response>)
    answer = co_await http_.exchange(request, limit, gate);
  else
    answer = co_await http_.open(request, limit);
  measured.took = clock_.now() - began;
  if (answer) measured.status = status(*answer);
  if (answer) measured.bytes_received = bytes(*answer);
  metrics::exchanged(measured);
  if (answer) note_warnings(headers(*answer));
  co_return answer;
}

Task<std::uint64_t> Session::sign(net::Request& request) {
  CO_TRY(auto const credential, co_await credentials_->current());
  if (credential.identity && identity_ != credential.identity_generation) {
    CO_TRY(http_.settings().tls->use(*credential.identity));
    identity_ = credential.identity_generation;
  }
  request.headers.add("User-Agent", settings_.user_agent);
  request.headers.add("Accept", "application/json");
  if (credential.authorization)
    request.headers.add("Authorization", std::string{credential.authorization->reveal()});
  add_impersonation(request.headers, config_.impersonation);
  co_return credential.generation;
}

/// Each only once (client-go rest/warnings.go).
void Session::note_warnings(net::Headers const& headers) {
  for (auto const& [name, value] : headers) {
    if (!net::same_name(name, "Warning") || warnings_.size() == most_warnings) continue;
    if (warnings_.insert(value).second) logging::warning("API server warned", {{"message", value}});
  }
}

}  // namespace kube
