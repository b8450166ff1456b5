#pragma once
#include "common/crd/names.hpp"
#include "operator/cluster/view.hpp"

#include <map>

namespace cluster {

/// What our side remembers of servers by their run ids: who has been told which settings. A new
/// process has it empty, and tells them again.
using Configured = std::map<std::string, std::string>;

/// All that a plan is made from.
struct Situation {
  crd::ValkeyClusterSpec const& spec;
  crd::Names names;
  View const& view;
  Configured const& configured;
};

/// Names a version of what servers are told to set.
std::string settings_revision(crd::ValkeyClusterSpec const& spec);

/// Slots that no server says are its own.
valkey::SlotSet orphaned_slots(View const& view);

/// Where others are met: an owner if there is one, and of these who is connected to most.
/// Null if nobody answers.
Server const* hub(View const& view);

/// Servers that the hub is not connected to and should be. Who is blank in a shard without an owner
/// may still become that, for which it has to know nobody. Whoever would lose slots by it, or take
/// others', is left alone.
std::vector<Server const*> unmet_servers(View const& view);

/// Of a shard without an owner, whose data nobody else has either: who has returned with it. Null
/// where there is none.
Server const* last_keeper(View const& view, int shard);

/// An owner whose pod ends, and the replica that is best to take over.
struct Leaving {
  Server const* owner = nullptr;
  Server const* successor = nullptr;  ///< null where no replica is in sync
};
std::vector<Leaving> leaving_owners(Situation const& situation);

/// Servers that lack settings or users.
std::vector<Server const*> unconfigured_servers(Situation const& situation);
std::vector<Server const*> servers_with_old_users(View const& view);
/// Those that show another certificate than the one that is wanted.
std::vector<Server const*> servers_with_old_certificates(View const& view);
/// Whether there are any of these.
bool are_settings_behind(Situation const& situation);

/// Why the owners of slots that answer don't serve all as one, though each may say that it serves:
/// it takes a server the node time-out to find that it is alone. Empty where they do.
std::string torn(View const& view);

/// Why the servers are not all of one mind yet; empty when they are: all slots are served, everyone
/// knows everyone, and each replica is in sync with its primary.
std::string unsettled(View const& view);

}  // namespace cluster
