#include "operator/cluster/view.hpp"

#include <algorithm>

namespace cluster {

bool Server::is_in_sync() const {
  auto const& link = replication.link;
  return link && link->status == valkey::PrimaryLink::Status::Up && !link->is_syncing &&
         !is_loading;
}

bool Server::is_blank() const {
  return topology.nodes().size() == 1 && !owns_slots() && keys == 0 && !is_loading;
}

bool Server::is_returned() const {
  bool const has_something = owns_slots() || keys > 0 || is_loading;
  return topology.nodes().size() == 1 && has_something && myself().config_epoch == 0;
}

Server const* View::find(valkey::NodeId const& id) const {
  auto const found = std::ranges::find(servers, id, &Server::id);
  return found != servers.end() ? &*found : nullptr;
}

std::size_t View::size() const {
  auto const absent = std::ranges::count(silent, true, &Silent::holds_nothing);
  return servers.size() + silent.size() - static_cast<std::size_t>(absent);
}

Silent const* View::unknown() const {
  auto const found = std::ranges::find(silent, false, &Silent::holds_nothing);
  return found != silent.end() ? &*found : nullptr;
}

valkey::SlotSet View::claimed() const {
  valkey::SlotSet all;
  for (auto const& server : servers) all = all | server.myself().slots;
  return all;
}

Server const* View::owner_of(int shard) const {
  Server const* owner = nullptr;
  for (auto const& server : servers) {
    if (server.place.shard != shard || !server.owns_slots() || server.is_returned()) continue;
    bool const is_newer = !owner || server.myself().config_epoch > owner->myself().config_epoch;
    if (is_newer && server.myself().is_primary()) owner = &server;
  }
  return owner;
}

std::optional<CompleteView> CompleteView::of(View const& view) {
  if (view.unknown() || view.servers.empty()) return std::nullopt;
  return CompleteView{view};
}

}  // namespace cluster
