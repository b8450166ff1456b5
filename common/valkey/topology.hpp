#pragma once
#include "common/valkey/node.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace valkey {

/// Beyond what Valkey can do, which is about 1,000.
inline constexpr std::size_t most_nodes = 4096;

/// A cluster as one of its nodes sees it. Others may see another: no view is the truth alone.
class Topology {
 public:
  /// One node that nothing is known of.
  Topology() : nodes_(1) {}

  /// What CLUSTER NODES says. Transient when any of it can't be so: an id twice, a slot of two
  /// owners or none of the nodes, or more than one, that was asked. Nothing is made of the rest.
  static Result<Topology> parse(std::string_view cluster_nodes);

  /// In no order that would mean anything.
  std::vector<Node> const& nodes() const { return nodes_; }

  /// The node that was asked.
  Node const& myself() const { return nodes_[myself_]; }

  /// Null where it does not know of such a node.
  Node const* find(NodeId const& id) const;

  /// The owner of a slot; null where there is none.
  Node const* owner_of(Slot slot) const;

  /// All slots that have an owner, whatever its health.
  SlotSet covered() const;

  /// Those that it takes for replicas of that primary, whatever their health.
  std::vector<Node const*> replicas_of(NodeId const& primary) const;

 private:
  std::vector<Node> nodes_;
  std::size_t myself_ = 0;
};

}  // namespace valkey
