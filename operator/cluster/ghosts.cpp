#include "operator/cluster/ghosts.hpp"

#include <algorithm>
#include <utility>

namespace cluster {
namespace {

using valkey::NodeId;

Ghost& ghost_of(std::vector<Ghost>& found, valkey::Node const& node) {
  auto const known = std::ranges::find(found, node.id, &Ghost::id);
  if (known != found.end()) return *known;
  found.push_back({.id = node.id, .hostname = {}, .slots = {}, .known_by = {}});
  return found.back();
}

/// One that is a ghost itself takes over from nobody.
bool has_replicas(NodeId const& id, View const& view) {
  return std::ranges::any_of(view.servers, [&](Server const& server) {
    return std::ranges::any_of(server.topology.replicas_of(id), [&](valkey::Node const* replica) {
      return view.find(replica->id) != nullptr;
    });
  });
}

bool was_in_pod_of(Server const& server, Ghost const& ghost, Situation const& situation) {
  return situation.names.host(server.place.pod_name) == ghost.hostname;
}

/// Its pod runs a server with another identity: a StatefulSet never runs two of one pod, so that
/// the process that was the ghost is gone, and with nodes.conf its volume.
bool is_replaced(Ghost const& ghost, Situation const& situation) {
  return std::ranges::any_of(situation.view.servers, [&](Server const& server) {
    return was_in_pod_of(server, ghost, situation);
  });
}

std::ptrdiff_t owners(View const& view) {
  return std::ranges::count_if(view.servers, [](Server const& server) {
    return server.owns_slots() && !server.is_returned();
  });
}

/// Whether a server has found, or can still find, that a node fails. It can't tell of one that it
/// has never heard of, nor, up to Valkey 9.0, of one whose address another node has by now.
bool can_tell(Server const& server, Ghost const& ghost) {
  auto const* const node = server.topology.find(ghost.id);
  return node && (!node->has_no_address || node->health != valkey::Health::Good);
}

/// A majority of the owners of slots elects.
bool can_elect(Ghost const& ghost, View const& view, std::ptrdiff_t size) {
  auto const voters = std::ranges::count_if(view.servers, [&](Server const& server) {
    return server.owns_slots() && can_tell(server, ghost);
  });
  bool const has_candidate = std::ranges::any_of(view.servers, [&](Server const& server) {
    auto const& link = server.replication.link;
    return server.follows(ghost.id) && link && link->was_up;
  });
  return has_candidate && voters >= size / 2 + 1;
}

/// Who has heard more of the primary's writes, and of equals who holds more.
std::pair<std::int64_t, std::int64_t> worth(Server const& replica) {
  return {replica.replication.offset, replica.keys};
}

/// It takes what its primary has in its own view.
bool can_take_slots(Server const& replica, Ghost const& ghost) {
  auto const* const node = replica.topology.find(ghost.id);
  return node && !node->slots.empty() && !replica.is_loading;
}

Server const* best_replica(Ghost const& ghost, View const& view) {
  Server const* best = nullptr;
  for (auto const& server : view.servers) {
    if (!server.follows(ghost.id) || !can_take_slots(server, ghost)) continue;
    if (!best || worth(server) > worth(*best)) best = &server;
  }
  return best;
}

/// Of those who followed another primary before, somebody may have what this one has not: it is to
/// follow the same first, and whoever loads its data is to have it.
bool has_the_most(Server const& successor, View const& view) {
  return std::ranges::none_of(view.servers, [&](Server const& other) {
    bool const counts =
        other.place.shard == successor.place.shard && !other.owns_slots() && !other.is_returned();
    return counts && (other.is_loading || worth(other) > worth(successor));
  });
}

/// Its shard's owner; where there is none, the one that was, if the server has something of it.
std::optional<NodeId> wanted_primary(Server const& server, Situation const& situation,
                                     std::vector<Ghost> const& lost) {
  auto const shard = server.place.shard;
  if (auto const* const owner = situation.view.owner_of(shard)) return owner->id();
  if (server.keys == 0) return std::nullopt;
  for (auto const& ghost : lost)
    if (!ghost.slots.empty() && lived_in(ghost, shard, situation)) return ghost.id;
  return std::nullopt;
}

}  // namespace

std::vector<Ghost> ghosts(View const& view) {
  std::vector<Ghost> found;
  for (auto const& server : view.servers)
    for (auto const& node : server.topology.nodes()) {
      if (node.is_in_handshake || view.find(node.id)) continue;
      auto& ghost = ghost_of(found, node);
      ghost.slots = ghost.slots | node.slots;
      if (ghost.hostname.empty()) ghost.hostname = node.address.hostname;
      ghost.known_by.push_back(&server);
    }
  for (auto& ghost : found) ghost.has_replicas = has_replicas(ghost.id, view);
  return found;
}

bool lived_in(Ghost const& ghost, int shard, Situation const& situation) {
  return std::ranges::any_of(situation.view.servers, [&](Server const& server) {
    return server.place.shard == shard && was_in_pod_of(server, ghost, situation);
  });
}

std::vector<Stray> stray_replicas(Situation const& situation) {
  auto const lost = ghosts(situation.view);
  std::vector<Stray> strays;
  for (auto const& server : situation.view.servers) {
    auto const wanted = wanted_primary(server, situation, lost);
    if (!wanted || server.id() == *wanted || server.follows(*wanted)) continue;
    bool const has_something =
        server.myself().is_primary() && (server.owns_slots() || server.keys > 0);
    auto const* const known = server.topology.find(*wanted);
    if (!has_something && known && !known->is_in_handshake) strays.push_back({&server, *wanted});
  }
  return strays;
}

std::vector<Server const*> keepers_of_unowned_data(View const& view) {
  std::vector<Server const*> keepers;
  for (auto const& server : view.servers) {
    auto const& primary = server.myself().primary;
    auto const* const followed = primary ? view.find(*primary) : nullptr;
    bool const is_owned = server.owns_slots() || (followed && followed->owns_slots());
    // Whoever loads does not say yet how much.
    if ((server.keys > 0 || server.is_loading) && !is_owned) keepers.push_back(&server);
  }
  return keepers;
}

std::vector<Vacancy> vacancies(CompleteView const& view, Situation const& situation) {
  auto lost = ghosts(*view);
  std::erase_if(lost, [](Ghost const& ghost) { return ghost.slots.empty(); });
  auto const size = owners(*view) + std::ssize(lost);
  std::vector<Vacancy> found;
  for (auto const& ghost : lost) {
    auto const* const successor = best_replica(ghost, *view);
    if (successor && has_the_most(*successor, *view) && is_replaced(ghost, situation) &&
        !can_elect(ghost, *view, size))
      found.push_back({ghost.id, successor});
  }
  return found;
}

}  // namespace cluster
