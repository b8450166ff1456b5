#include "common/monitoring.hpp"

#include "common/async/task_group.hpp"
#include "test/support/captured_errors.hpp"
#include "test/support/fetched.hpp"
#include "test/support/listener.hpp"
#include "test/support/run.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

MonitoringSettings const nowhere{.health = {}, .metrics = {}, .metrics_certificates = {}};
net::Endpoint const anywhere{.host = "127.0.0.1", .port = 0};

/// Where its log says that it listens.
net::Endpoint address_in(std::string const& log) {
  auto const entry = boost::json::parse(log.substr(0, log.find('\n')));
  return net::listen_address(entry.at("address").as_string()).value();
}

Task<> fetch(net::Endpoint server, std::string target, Result<net::Response>& answered) {
  answered = co_await fetched(std::move(server), std::move(target));
  co_return cancelled();  // so that the server ends too
}

/// What is answered to GET `target`.
Task<net::Response> asked(std::string target, MonitoringSettings settings, net::Health health) {
  CapturedErrors const errors;
  CO_TRY(auto monitoring, Monitoring::listen(co_await asio::this_coro::executor, settings));
  Result<net::Response> answered = cancelled();
  (void)co_await together([&](TaskGroup& group) {
    group.spawn(monitoring.serve(health));
    group.spawn(fetch(address_in(errors.text()), target, answered));
  });
  co_return answered;
}

net::Response answer(std::string target, MonitoringSettings settings, net::Health health = {}) {
  return run(asked(std::move(target), std::move(settings), std::move(health))).value();
}

}  // namespace

SCENARIO("probes and the log level are at one address, metrics at another") {
  MonitoringSettings const probes{.health = anywhere, .metrics = {}, .metrics_certificates = {}};
  MonitoringSettings const metrics{.health = {}, .metrics = anywhere, .metrics_certificates = {}};
  net::Health ill;
  ill.add_liveness("lease", [] { return transient("overdue"); });
  CHECK(answer("/healthz", probes).status == 200);
  CHECK(answer("/healthz", probes, ill).status == 503);
  CHECK(answer("/readyz", probes, ill).status == 200);
  CHECK(answer("/loglevel", probes).status == 405);  // there, but it has to be put
  CHECK(answer("/metrics", probes).status == 404);
  CHECK(answer("/metrics", metrics).body.find("process_resident_memory_bytes") !=
        std::string::npos);
  CHECK(answer("/healthz", metrics).status == 404);
}

SCENARIO("who monitors nothing listens nowhere") {
  CapturedErrors const errors;
  asio::io_context loop;
  CHECK(Monitoring::listen(loop.get_executor(), nowhere));
  CHECK(errors.text().empty());
}

SCENARIO("an address that is taken is named, with what it was for") {
  asio::io_context loop;
  Listener const other{loop.get_executor()};
  auto const monitoring = Monitoring::listen(
      loop.get_executor(), {.health = {}, .metrics = other.endpoint(), .metrics_certificates = {}});
  REQUIRE_FALSE(monitoring);
  CHECK(monitoring.error().fault == Fault::Permanent);
  CHECK(monitoring.error().message.starts_with("metrics: "));
  CHECK(monitoring.error().message.find(other.endpoint().text()) != std::string::npos);
}

SCENARIO("two of our own do not share an address") {
  asio::io_context loop;
  CapturedErrors const errors;
  auto const first = Monitoring::listen(
      loop.get_executor(), {.health = anywhere, .metrics = {}, .metrics_certificates = {}});
  auto const address = address_in(errors.text());
  auto const second = Monitoring::listen(
      loop.get_executor(), {.health = {}, .metrics = address, .metrics_certificates = {}});
  REQUIRE_FALSE(second);
  CHECK(second.error().message.ends_with("Address already in use"));
}

SCENARIO("certificates for metrics that are nowhere are a mistake") {
  asio::io_context loop;
  auto const monitoring = Monitoring::listen(
      loop.get_executor(), {.health = {}, .metrics = {}, .metrics_certificates = "/nowhere"});
  REQUIRE_FALSE(monitoring);
  CHECK(monitoring.error().message == "--metrics-cert-path: there is no --metrics-bind-address");
}

SCENARIO("a folder without a certificate is named") {
  asio::io_context loop;
  auto const monitoring = Monitoring::listen(
      loop.get_executor(), {.health = {}, .metrics = anywhere, .metrics_certificates = "/nowhere"});
  REQUIRE_FALSE(monitoring);
  CHECK(monitoring.error().fault == Fault::NotFound);
  CHECK(monitoring.error().message ==
        "--metrics-cert-path: /nowhere/tls.crt: No such file or directory");
}
