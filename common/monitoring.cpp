#include "common/monitoring.hpp"

#include "common/async/task_group.hpp"
#include "common/logging.hpp"

#include <chrono>
#include <fmt/core.h>

namespace {

constexpr std::string_view certificates_flag = "--metrics-cert-path";

/// As a Secret of cert-manager is mounted. Whoever scrapes needs no certificate.
Result<std::shared_ptr<net::TlsContext>> tls_of(std::string const& folder) {
  auto context = net::TlsContext::create(
      {.role = net::TlsRole::Server,
       .peer = net::PeerCheck::None,
       .authorities = {},
       .identity = net::Identity{.certificates = net::PemFile{folder + "/tls.crt"},
                                 .key = net::PemFile{folder + "/tls.key"}}});
  if (!context) return Failure{std::move(context).error().during(std::string{certificates_flag})};
  return context;
}

Result<std::optional<net::HttpServer>> listen_for(std::string_view purpose,
                                                  asio::any_io_executor const& executor,
                                                  std::optional<net::Endpoint> address,
                                                  std::string const& certificates = {}) {
  if (!address) return std::nullopt;
  net::HttpServerSettings settings{
      .address = *address, .tls = {}, .keep_idle = std::chrono::seconds{60}};
  if (!certificates.empty()) {
    TRY(settings.tls, tls_of(certificates));
  }
  auto server = net::HttpServer::listen(executor, std::move(settings));
  if (!server) return Failure{std::move(server).error().during(std::string{purpose})};
  address->port = server->port();
  logging::info("listening", {{"for", purpose}, {"address", address->text()}});
  return std::optional{*std::move(server)};
}

Task<net::Response> answer_probe(net::Health const& health, net::Asked asked) {
  if (asked.request.target == "/loglevel") co_return net::log_level_answer(asked);
  co_return health.answer(asked.request);
}

Task<net::Response> answer_scrape(Monitoring::Guard const& guard, net::Asked asked) {
  if (guard) {
    CO_TRY(auto refusal, co_await guard(asked.request));
    if (refusal) co_return *std::move(refusal);
  }
  co_return net::metrics_answer(asked.request);
}

}  // namespace

std::vector<Flag> flags_of(MonitoringSettings& settings) {
  return {
      {.name = "--health-probe-bind-address",
       .value = "ADDRESS",
       .meaning = "Where /healthz, /livez, /readyz and /loglevel are answered (default :8081; 0: "
                  "nowhere)",
       .target = address_into(settings.health)},
      {.name = "--metrics-bind-address",
       .value = "ADDRESS",
       .meaning = "Where /metrics is answered (default :8080; 0: nowhere)",
       .target = address_into(settings.metrics)}};
}

Result<Monitoring> Monitoring::listen(asio::any_io_executor const& executor,
                                      MonitoringSettings const& settings) {
  if (!settings.metrics && !settings.metrics_certificates.empty())
    return invalid(fmt::format("{}: there is no --metrics-bind-address", certificates_flag));
  Monitoring monitoring;
  TRY(monitoring.health_, listen_for("probes", executor, settings.health));
  TRY(monitoring.metrics_,
      listen_for("metrics", executor, settings.metrics, settings.metrics_certificates));
  return monitoring;
}

Task<> Monitoring::serve(net::Health const& health, Guard metrics_guard) {
  co_return co_await together([&](TaskGroup& group) {
    if (health_)
      group.spawn(health_->serve(
          [&health](net::Asked asked) { return answer_probe(health, std::move(asked)); }));
    if (metrics_)
      group.spawn(metrics_->serve([&metrics_guard](net::Asked asked) {
        return answer_scrape(metrics_guard, std::move(asked));
      }));
  });
}
