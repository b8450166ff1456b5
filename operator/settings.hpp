#pragma once
#include "common/environment.hpp"
#include "common/kube/config.hpp"
#include "common/monitoring.hpp"

#include <string>
#include <vector>

struct Settings {
  kube::Wanted api;
  MonitoringSettings monitoring;
  bool leader_elect = true;
  std::string lease_name = "valkey-operator";
  std::string lease_namespace;    ///< empty: that of the account or context
  std::string watched_namespace;  ///< empty: all
  std::size_t workers = 10;
};

/// What they are where no flag says otherwise: WATCH_NAMESPACE, POD_NAMESPACE.
Settings defaults(Environment const& environment);

/// Which `settings` have to outlive. By the names of kubectl, kubebuilder's managers and
/// kube-controller-manager.
std::vector<Flag> flags_of(Settings& settings);
