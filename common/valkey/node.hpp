#pragma once
#include "common/result.hpp"
#include "common/valkey/slots.hpp"

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace valkey {

/// What Valkey knows a node by for as long as its nodes.conf lives: 40 hexadecimal digits.
class NodeId {
 public:
  static constexpr std::size_t length = 40;

  /// All zeros, which is no node's.
  NodeId() { digits_.fill('0'); }

  /// Invalid for anything but 40 of 0-9 and a-f.
  static Result<NodeId> parse(std::string_view text);

  std::string_view text() const { return {digits_.data(), digits_.size()}; }
  auto operator<=>(NodeId const&) const = default;

 private:
  std::array<char, length> digits_{};
};

/// What nodes tell clients, which need not be where a pod is: cluster-announce-client-ipv4 and
/// -ipv6 take its place. Never an address for our own commands.
struct AnnouncedAddress {
  std::string ip;  ///< empty before a node has met any; may be a name
  std::uint16_t port = 0;
  std::uint16_t bus_port = 0;
  std::string hostname;                         ///< empty unless announced
  std::map<std::string, std::string> metadata;  ///< "shard-id" and what later versions add
  bool operator==(AnnouncedAddress const&) const = default;
};

enum class Role { Primary, Replica };

/// What the node that was asked thinks of another. Only a majority of primaries makes Failed of
/// Suspected, which Valkey writes as "fail?".
enum class Health { Good, Suspected, Failed };

enum class LinkState { Connected, Disconnected };

/// A slot that CLUSTER SETSLOT has begun to move, key by key.
struct OpenSlot {
  enum class Direction { Migrating, Importing };

  Slot slot = 0;
  Direction direction = Direction::Migrating;
  NodeId peer;
  bool operator==(OpenSlot const&) const = default;
};

/// A node as another, or itself, sees it.
struct Node {
  /// By the clock of the node that was asked; nothing for never.
  using Moment = std::chrono::sys_time<std::chrono::milliseconds>;

  NodeId id;
  AnnouncedAddress address;
  std::optional<Role> role;  ///< not known during a handshake
  Health health = Health::Good;
  bool is_myself = false;
  bool is_in_handshake = false;  ///< its id is made up until that ends
  bool has_no_address = false;
  bool never_fails_over = false;
  std::vector<std::string> unknown_flags;
  std::optional<NodeId> primary;    ///< of a replica
  std::optional<Moment> ping_sent;  ///< and not answered yet
  std::optional<Moment> pong_received;
  std::uint64_t config_epoch = 0;
  LinkState link = LinkState::Disconnected;
  SlotSet slots;
  std::vector<OpenSlot> open_slots;
  bool operator==(Node const&) const = default;

  bool is_primary() const { return role == Role::Primary; }
  bool is_replica() const { return role == Role::Replica; }

  /// One line of CLUSTER NODES (valkey src/cluster_legacy.c, clusterGenNodeDescription()).
  /// Transient when it is none.
  static Result<Node> parse(std::string_view line);
};

}  // namespace valkey
