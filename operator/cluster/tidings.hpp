#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/kube/event.hpp"

#include <string>
#include <vector>

namespace cluster {

/// What a person would want to be told, as an event.
struct Tiding {
  kube::EventType type = kube::EventType::Normal;
  std::string reason;
  std::string action;
  std::string note;
  bool operator==(Tiding const&) const = default;
};

/// By what has changed in a cluster's status.
std::vector<Tiding> tidings(crd::ValkeyClusterStatus const& before,
                            crd::ValkeyClusterStatus const& after);

}  // namespace cluster
