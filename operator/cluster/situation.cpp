#include "operator/cluster/situation.hpp"

#include "common/digest.hpp"
#include "operator/cluster/desired/valkey_conf.hpp"

#include <algorithm>
#include <utility>

namespace cluster {
namespace {

/// Whether one server knows another, and where it is. Who tries an address of before in vain calls
/// that connected, too (H36).
bool is_connected(Server const& server, Server const& other) {
  auto const* const node = server.topology.find(other.id());
  return node && !node->is_in_handshake && !node->has_no_address && node->address.ip == other.ip &&
         node->link == valkey::LinkState::Connected;
}

/// Owners first, and of these who is connected to most.
std::pair<bool, std::ptrdiff_t> rank(Server const& server, View const& view) {
  auto const connections = std::ranges::count_if(
      view.servers, [&](Server const& other) { return is_connected(server, other); });
  return {server.owns_slots() && !server.is_returned(), connections};
}

/// Who has slots that the server claims, too, where neither knows of the other: one of them comes
/// from another cluster, or from an earlier life of this one.
Server const* rival(Server const& server, View const& view) {
  auto const found = std::ranges::find_if(view.servers, [&](Server const& other) {
    bool const are_strangers =
        !server.topology.find(other.id()) && !other.topology.find(server.id());
    return are_strangers && server.myself().slots.shares_any(other.myself().slots);
  });
  return found != view.servers.end() ? &*found : nullptr;
}

/// It was told to meet that address a moment ago.
bool is_meeting(Server const& host, Server const& newcomer) {
  return std::ranges::any_of(host.topology.nodes(), [&](valkey::Node const& node) {
    return node.is_in_handshake && node.address.ip == newcomer.ip;
  });
}

Server const* best_successor(Server const& owner, View const& view) {
  constexpr std::int64_t most_bytes_behind = 1 << 20;
  Server const* best = nullptr;
  for (auto const& server : view.servers) {
    auto const behind = owner.replication.offset - server.replication.offset;
    bool const can = server.follows(owner.id()) && server.is_in_sync() && !server.is_leaving &&
                     behind <= most_bytes_behind;
    if (can && (!best || server.replication.offset > best->replication.offset)) best = &server;
  }
  return best;
}

/// How two servers' views of one of them differ.
std::string disagreement(Server const& server, Server const& other) {
  auto const* const node = server.topology.find(other.id());
  if (!node || !is_connected(server, other)) return "is not connected to " + other.place.pod_name;
  if (node->health != valkey::Health::Good) return "can't reach " + other.place.pod_name;
  if (node->slots != other.myself().slots)
    return "has another view of the slots of " + other.place.pod_name;
  return "";
}

std::string trouble(Server const& server, View const& view) {
  auto const known = server.topology.nodes().size();
  if (server.is_loading) return "loads its data";
  if (server.is_returned())
    return "came back as another node, with data that is not newer than its shard's: delete its "
           "volume and its pod, so that it joins empty";
  if (auto const* const other = rival(server, view))
    return "has slots that " + other->place.pod_name +
           " has, too, and neither knows of the other: the volume of one is an earlier cluster's";
  if (known != view.size())
    return "knows " + std::to_string(known) + " of " + std::to_string(view.size()) + " nodes";
  for (auto const& other : view.servers)
    if (&other != &server)
      if (auto differs = disagreement(server, other); !differs.empty()) return differs;
  if (!server.is_ok) return "does not serve yet";
  auto const* const owner = view.owner_of(server.place.shard);
  bool const is_replica = owner && owner != &server;
  if (is_replica && !server.is_in_sync()) return "is not in sync with " + owner->place.pod_name;
  return "";
}

}  // namespace

std::string settings_revision(crd::ValkeyClusterSpec const& spec) {
  std::string text;
  for (auto const& [name, value] : desired::live_directives(spec)) {
    text += name + " ";
    text += value + "\n";
  }
  return sha256(text);
}

valkey::SlotSet orphaned_slots(View const& view) { return valkey::SlotSet::all() - view.claimed(); }

Server const* hub(View const& view) {
  Server const* best = nullptr;
  for (auto const& server : view.servers)
    if (!best || rank(server, view) > rank(*best, view)) best = &server;
  return best;
}

Server const* last_keeper(View const& view, int shard) {
  Server const* keeper = nullptr;
  for (auto const& server : view.servers) {
    if (server.place.shard != shard || server.is_blank()) continue;
    if (!server.is_returned() || server.is_loading) return nullptr;
    if (!keeper || server.keys > keeper->keys) keeper = &server;
  }
  return keeper;
}

std::vector<Server const*> unmet_servers(View const& view) {
  std::vector<Server const*> unmet;
  auto const* const host = hub(view);
  for (auto const& server : view.servers) {
    bool const may_own = server.is_blank() && !view.owner_of(server.place.shard);
    bool const is_stranger = server.is_returned() || rival(server, view);
    if (&server == host || may_own || is_stranger || is_meeting(*host, server)) continue;
    if (!is_connected(*host, server)) unmet.push_back(&server);
  }
  return unmet;
}

std::vector<Leaving> leaving_owners(Situation const& situation) {
  std::vector<Leaving> leaving;
  for (auto const& server : situation.view.servers)
    if (server.is_leaving && situation.view.owner_of(server.place.shard) == &server)
      leaving.push_back({&server, best_successor(server, situation.view)});
  return leaving;
}

std::vector<Server const*> unconfigured_servers(Situation const& situation) {
  auto const wanted = settings_revision(situation.spec);
  std::vector<Server const*> found;
  for (auto const& server : situation.view.servers) {
    auto const told = situation.configured.find(server.run_id);
    if (told == situation.configured.end() || told->second != wanted) found.push_back(&server);
  }
  return found;
}

std::vector<Server const*> servers_with_old_users(View const& view) {
  std::vector<Server const*> found;
  for (auto const& server : view.servers)
    if (!server.has_current_acl) found.push_back(&server);
  return found;
}

std::vector<Server const*> servers_with_old_certificates(View const& view) {
  std::vector<Server const*> found;
  for (auto const& server : view.servers)
    if (!server.shows_current_certificate) found.push_back(&server);
  return found;
}

bool are_settings_behind(Situation const& situation) {
  return !unconfigured_servers(situation).empty() ||
         !servers_with_old_users(situation.view).empty() ||
         !servers_with_old_certificates(situation.view).empty();
}

std::string torn(View const& view) {
  for (auto const& server : view.servers) {
    if (!server.owns_slots()) continue;
    if (server.is_loading) return server.place.pod_name + " loads its data";
    if (!server.is_ok) return server.place.pod_name + " does not serve";
    for (auto const& other : view.servers) {
      if (&other == &server || !other.owns_slots()) continue;
      if (auto const differs = disagreement(server, other); !differs.empty())
        return server.place.pod_name + " " + differs;
    }
  }
  return "";
}

std::string unsettled(View const& view) {
  if (auto const* const one = view.unknown())
    return one->place.pod_name + " does not answer: " + one->why;
  for (auto const& server : view.servers)
    if (auto const why = trouble(server, view); !why.empty())
      return server.place.pod_name + " " + why;
  auto const orphaned = orphaned_slots(view);
  return orphaned.empty() ? "" : "slots without an owner: " + orphaned.text();
}

}  // namespace cluster
