#pragma once
#include "operator/cluster/lifecycle.hpp"
#include "operator/cluster/places.hpp"
#include "operator/cluster/problem.hpp"

/// What is told of a cluster.
namespace cluster {

/// What one pass has found, and what it does about it.
struct Findings {
  crd::ValkeyCluster const& cluster;  ///< its status is that of the pass before
  std::vector<PodPlace> const& places;
  View const& view;
  Plan const& plan;
  std::vector<Problem> const& problems;  ///< the most important first
  bool is_new = false;                   ///< its user has just made it: it is still to come up
  std::string doing;                     ///< the first of its steps, if there are any
  std::string restarts;                  ///< what acts only when servers are started again
  bool is_configuring = false;           ///< servers lack settings, users or certificates
  std::string_view now;                  ///< RFC 3339
};

crd::ValkeyClusterStatus report(Findings const& findings);

/// Whether a status is worth a write now: all else than texts and figures is told at once.
bool is_news(crd::ValkeyClusterStatus const& before, crd::ValkeyClusterStatus const& after);

/// Null where there is none of that type.
crd::Condition const* find(std::vector<crd::Condition> const& conditions, std::string_view type);
bool is_true(std::vector<crd::Condition> const& conditions, std::string_view type);

/// The types of conditions.
namespace conditions {
inline constexpr std::string_view ready = "Ready";
inline constexpr std::string_view progressing = "Progressing";
inline constexpr std::string_view degraded = "Degraded";
inline constexpr std::string_view slots_covered = "SlotsCovered";
inline constexpr std::string_view replicas_in_sync = "ReplicasInSync";
inline constexpr std::string_view view_complete = "ViewComplete";
inline constexpr std::string_view tls_ready = "TLSReady";
}  // namespace conditions

}  // namespace cluster
