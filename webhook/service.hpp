#pragma once
#include "common/metrics.hpp"
#include "common/net/http_server.hpp"
#include "webhook/live_rules.hpp"

namespace webhook {

/// What is answered at which path. Any thread may use it.
class Service {
 public:
  /// `rules` have to outlive it.
  explicit Service(LiveRules const& rules);

  net::Response answer(net::Request const& request) const;

 private:
  LiveRules const& rules_;
  metrics::Webhook mutating_{"/mutate"};
  metrics::Webhook validating_{"/validate"};
};

}  // namespace webhook
