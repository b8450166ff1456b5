#pragma once
#include "common/async/task.hpp"
#include "common/flags.hpp"
#include "common/net/health.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

struct MonitoringSettings {
  std::optional<net::Endpoint> health{{.host = {}, .port = 8081}};   ///< none: nowhere
  std::optional<net::Endpoint> metrics{{.host = {}, .port = 8080}};  ///< none: nowhere
  std::string metrics_certificates;  ///< a folder with tls.crt and tls.key; empty: plain HTTP
};

/// By the names that kubebuilder's managers give them.
std::vector<Flag> flags_of(MonitoringSettings& settings);

/// Where a process tells how it is: probes and its log level at one address, metrics at another.
class Monitoring {
 public:
  /// Listens at once. Permanent when an address can't be had.
  static Result<Monitoring> listen(asio::any_io_executor const& executor,
                                   MonitoringSettings const& settings);

  /// Who may not read metrics, and what to tell them; nothing for who may.
  using Guard = std::function<Task<std::optional<net::Response>>(net::Request)>;

  /// Answers until it is cancelled. `health` has to outlive it.
  Task<> serve(net::Health const& health, Guard metrics_guard = {});

 private:
  std::optional<net::HttpServer> health_;
  std::optional<net::HttpServer> metrics_;
};
