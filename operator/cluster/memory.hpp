#pragma once
#include "common/async/clock.hpp"
#include "common/metrics.hpp"
#include "operator/cluster/lifecycle.hpp"
#include "operator/cluster/material.hpp"
#include "operator/cluster/servers.hpp"

namespace cluster {

/// What one process remembers of a cluster from pass to pass. A new one does without, and finds out
/// again: nothing here decides what is safe.
struct Memory {
  std::string uid;       ///< of the cluster: another one of its name is not remembered
  Clock::Instant moved;  ///< when anything happened last
  std::vector<PodPlace> places;
  std::vector<Event> events;
  std::optional<Clock::Instant> told;  ///< when its status was written last

  std::optional<metrics::Cluster> measured;

  std::map<ChildKey, Applied> applied;
  Configured configured;
  /// By primary, who was told to take over from it, and when.
  std::map<valkey::NodeId, std::pair<valkey::NodeId, Clock::Instant>> handed_over;
  /// By pod, what its server will take only when it is started.
  std::map<std::string, std::vector<std::string>> need_restart;

  Findables findables;
  std::optional<Clock::Instant> searched;  ///< when these were looked for
  std::int64_t searched_generation = 0;    ///< by this version of the spec
  bool has_unmet_needs = false;            ///< some were missing
  std::optional<Passwords> passwords;
  std::optional<Certificates> certificates;
  std::shared_ptr<net::TlsContext> tls;
  std::string fingerprint;  ///< of the servers' certificate
};

}  // namespace cluster
