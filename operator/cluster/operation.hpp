#pragma once
#include "operator/cluster/lifecycle.hpp"

/// The operation record of a status: what goes on, and what came to its end.
namespace cluster {

/// The state that a cluster is in, by its status: what a new process goes on from.
State state_of(crd::ValkeyClusterStatus const& status);

/// What goes on, if anything does; begun `now` (RFC 3339) unless it went on before.
std::optional<crd::OperationStatus> operation(Plan const& plan,
                                              crd::ValkeyClusterStatus const& before,
                                              std::string_view now);

/// What there was, and what has ended between these two; the newest last, and the oldest of too
/// many dropped.
std::vector<crd::HistoryEntry> history(crd::ValkeyClusterStatus const& before,
                                       std::optional<crd::OperationStatus> const& going_on,
                                       std::string_view now);

}  // namespace cluster
