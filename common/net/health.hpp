#pragma once
#include "common/net/http_server.hpp"

#include <functional>
#include <string>
#include <vector>

namespace net {

/// What tells whether this process is well: /healthz (also /livez) for whether it should be
/// restarted, /readyz for whether it should be given work. Checks are listed on failure and with
/// ?verbose, left out with ?exclude=<check>, and asked one by one at /readyz/<check>, as those of
/// Kubernetes' own components (apiserver pkg/server/healthz).
class Health {
 public:
  /// Has to answer at once.
  using Check = std::function<Result<>()>;

  void add_liveness(std::string name, Check check) {
    alive_.emplace_back(std::move(name), std::move(check));
  }
  void add_readiness(std::string name, Check check) {
    ready_.emplace_back(std::move(name), std::move(check));
  }

  Response answer(Request const& request) const;

 private:
  using Checks = std::vector<std::pair<std::string, Check>>;
  Checks alive_;
  Checks ready_;
};

/// /metrics, in Prometheus' text format.
Response metrics_answer(Request const& request);

/// The least level that is logged: PUT /loglevel with debug, info, warning or error. Only from this
/// machine, or pod: elsewhere people have no business with it (kubectl port-forward comes from
/// here).
Response log_level_answer(Asked const& asked);

}  // namespace net
