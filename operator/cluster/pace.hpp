#pragma once
#include "common/crd/valkey_cluster.hpp"

#include <chrono>
#include <optional>

/// How often a cluster is looked at, and its status written.
namespace cluster::pace {

using Duration = std::chrono::steady_clock::duration;

/// Of a cluster that is as it should be: pods tell of most that happens.
inline constexpr Duration calm = std::chrono::seconds{15};

/// Until the next look at one that is not, by how long nothing has happened: soon at first, as when
/// servers gossip, and less and less often where it takes a person.
Duration until_next_look(Duration still);

/// How long a status still has to wait until it is written; nothing where it says nothing new.
/// `since` the last was written, if any was.
std::optional<Duration> until_told(crd::ValkeyClusterStatus const& before,
                                   crd::ValkeyClusterStatus const& after,
                                   std::optional<Duration> since);

}  // namespace cluster::pace
