#include "common/valkey/topology.hpp"

#include "common/ascii.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace valkey {
namespace {

/// A view of 100 nodes has 12 kB, and the most scattered slots add 80 kB.
constexpr std::size_t longest_view = std::size_t{4} << 20;

Failure refused(std::string_view why) {
  return transient("CLUSTER NODES can't be believed: " + std::string{why});
}

/// Sees to it that what is unique in a cluster is so in a view.
class Census {
 public:
  Result<> take(Node const& node, std::size_t index) {
    if (!ids_.insert(node.id).second)
      return refused("node " + std::string{node.id.text()} + " is there twice");
    if (auto const claimed_twice = covered_ & node.slots; !claimed_twice.empty())
      return refused("slots " + claimed_twice.text().substr(0, shown) + " have two owners");
    covered_ = covered_ | node.slots;
    if (node.is_myself && myself_) return refused("two nodes are the one that was asked");
    if (node.is_myself) myself_ = index;
    return ok;
  }

  std::optional<std::size_t> myself() const { return myself_; }

 private:
  static constexpr std::size_t shown = 64;

  std::set<NodeId> ids_;
  SlotSet covered_;
  std::optional<std::size_t> myself_;
};

}  // namespace

Result<Topology> Topology::parse(std::string_view cluster_nodes) {
  if (cluster_nodes.size() > longest_view) return refused("it is too long");
  Topology topology;
  topology.nodes_.clear();
  Census census;
  while (!cluster_nodes.empty()) {
    auto const line = cluster_nodes.substr(0, cluster_nodes.find('\n'));
    cluster_nodes.remove_prefix(std::min(line.size() + 1, cluster_nodes.size()));
    auto const content = ascii::trimmed(line, " \r");
    if (content.empty()) continue;
    if (topology.nodes_.size() == most_nodes) return refused("there are too many nodes");
    TRY(auto node, Node::parse(content));
    TRY(census.take(node, topology.nodes_.size()));
    topology.nodes_.push_back(std::move(node));
  }
  auto const myself = census.myself();
  if (!myself) return refused("no node is the one that was asked");
  topology.myself_ = *myself;
  return topology;
}

Node const* Topology::find(NodeId const& id) const {
  auto const found = std::ranges::find(nodes_, id, &Node::id);
  return found == nodes_.end() ? nullptr : &*found;
}

Node const* Topology::owner_of(Slot slot) const {
  auto const found =
      std::ranges::find_if(nodes_, [&](Node const& node) { return node.slots.contains(slot); });
  return found == nodes_.end() ? nullptr : &*found;
}

SlotSet Topology::covered() const {
  SlotSet slots;
  for (auto const& node : nodes_) slots = slots | node.slots;
  return slots;
}

std::vector<Node const*> Topology::replicas_of(NodeId const& primary) const {
  std::vector<Node const*> replicas;
  for (auto const& node : nodes_)
    if (node.is_replica() && node.primary == primary) replicas.push_back(&node);
  return replicas;
}

}  // namespace valkey
