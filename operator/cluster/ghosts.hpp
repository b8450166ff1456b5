#pragma once
#include "operator/cluster/situation.hpp"

/// Nodes that a cluster knows of and that are none of its servers, and what they leave behind.
namespace cluster {

struct Ghost {
  valkey::NodeId id;
  std::string hostname;       ///< of the pod that it was
  valkey::SlotSet slots;      ///< in anybody's view
  bool has_replicas = false;  ///< likewise, and they are servers of the cluster
  std::vector<Server const*> known_by;
};
std::vector<Ghost> ghosts(View const& view);

/// Whether it was in one of the shard's pods.
bool lived_in(Ghost const& ghost, int shard, Situation const& situation);

/// A server that should follow another primary than it does: its shard's owner, or the ghost of it,
/// in whose place it can be put then.
struct Stray {
  Server const* server = nullptr;
  valkey::NodeId primary;
};
std::vector<Stray> stray_replicas(Situation const& situation);

/// Servers that hold keys or load them, own no slots, and follow nobody who does: theirs may be the
/// last copy.
std::vector<Server const*> keepers_of_unowned_data(View const& view);

/// A primary that will not come back, with slots and a replica, where the servers elect nobody: too
/// few owners of slots are left who know of it, or no replica was connected since it was started.
struct Vacancy {
  valkey::NodeId dead;
  Server const* successor = nullptr;  ///< who has most of its data
};
std::vector<Vacancy> vacancies(CompleteView const& view, Situation const& situation);

}  // namespace cluster
