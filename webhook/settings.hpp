#pragma once
#include "common/async/clock.hpp"
#include "common/monitoring.hpp"
#include "common/net/tls.hpp"

#include <string>
#include <vector>

namespace webhook {

struct Settings {
  net::Endpoint address{.host = {}, .port = 9443};
  std::string certificates = "/tls/serving";  ///< a folder with tls.crt and tls.key
  std::string client_authorities;             ///< a file; empty: whoever asks is answered
  net::TlsVersion least_tls = net::TlsVersion::V1_2;
  std::string modes_file;     ///< empty: each policy is as it usually is
  std::string operator_user;  ///< whom no policy hinders; empty: nobody
  std::size_t threads = 0;    ///< 0: one a core
  std::size_t connections = 1024;
  Clock::Duration shutdown_delay = std::chrono::seconds{10};
  MonitoringSettings monitoring;
};

/// Which `settings` have to outlive. By the names of controller-runtime and of cert-manager.
std::vector<Flag> flags_of(Settings& settings);

}  // namespace webhook
