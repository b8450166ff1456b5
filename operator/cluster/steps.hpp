#pragma once
#include "operator/cluster/desired/valkey_conf.hpp"
#include "operator/cluster/view.hpp"

#include <cstdint>
#include <variant>

/// What is done to servers. Each step may be done twice, and says of whom it was planned: who acts
/// looks again whether it is still so.
namespace cluster {

/// One server: a pod, and the identity that its server had.
struct Target {
  std::string pod_name;
  std::string ip;
  valkey::NodeId id;
  bool operator==(Target const&) const = default;
};

/// Gives a server slots that nobody has, or an epoch to those that it has alone. Whoever does not
/// answer may have them, so that this wants a complete view.
class AssignSlots {
 public:
  AssignSlots(CompleteView const&, Target owner, valkey::SlotSet slots,
              std::optional<std::uint64_t> epoch)
      : owner_{std::move(owner)}, slots_{std::move(slots)}, epoch_{epoch} {}

  Target const& owner() const { return owner_; }
  valkey::SlotSet const& slots() const { return slots_; }
  /// Of a server that knows nobody: above any that the cluster has seen, so that its claim counts.
  std::optional<std::uint64_t> epoch() const { return epoch_; }
  bool operator==(AssignSlots const&) const = default;

 private:
  Target owner_;
  valkey::SlotSet slots_;
  std::optional<std::uint64_t> epoch_;
};

/// Lets one server meet another at its pod's address, of which our login has shown whose it is.
struct Meet {
  Target host;
  Target newcomer;
  bool operator==(Meet const&) const = default;
};

/// Makes an empty server a replica.
struct Follow {
  Target replica;
  valkey::NodeId primary;
  bool operator==(Follow const&) const = default;
};

/// Has servers forget a node that is gone for good. Of the owner of slots that would take these off
/// the map, and of a primary whose replica stands for election it would end that.
class Forget {
 public:
  Forget(CompleteView const&, std::vector<Target> members, valkey::NodeId ghost)
      : members_{std::move(members)}, ghost_{ghost} {}

  std::vector<Target> const& members() const { return members_; }
  valkey::NodeId const& ghost() const { return ghost_; }
  bool operator==(Forget const&) const = default;

 private:
  std::vector<Target> members_;
  valkey::NodeId ghost_;
};

/// Has a replica that is in sync take over from its primary, which agrees: nothing is lost.
struct HandOver {
  Target replica;
  Target primary;
  bool operator==(HandOver const&) const = default;
};

/// Makes a replica the primary without asking anybody. Were the former primary alive, what it has
/// acknowledged since would be lost: this is for when its process is proven gone, and the servers
/// have no majority to elect another.
class TakeOver {
 public:
  TakeOver(CompleteView const&, Target replica, valkey::NodeId dead)
      : replica_{std::move(replica)}, dead_{dead} {}

  Target const& replica() const { return replica_; }
  valkey::NodeId const& dead() const { return dead_; }
  bool operator==(TakeOver const&) const = default;

 private:
  Target replica_;
  valkey::NodeId dead_;
};

/// Sets what can be set while a server runs.
struct Configure {
  Target server;
  std::string run_id;
  std::vector<desired::Directive> directives;
  bool operator==(Configure const&) const = default;
};

struct LoadUsers {
  Target server;
  bool operator==(LoadUsers const&) const = default;
};

/// Has a server read its certificate again: it does so only when it is told, up to Valkey 9.0.
struct ReloadCertificate {
  Target server;
  bool operator==(ReloadCertificate const&) const = default;
};

using Step = std::variant<AssignSlots, Meet, Follow, Forget, HandOver, TakeOver, Configure,
                          LoadUsers, ReloadCertificate>;

std::string_view kind_of(Step const& step);  ///< "HandOver"
std::string text_of(Step const& step);       ///< "cache-0-1 takes over from cache-0-0"

/// Done at the same time; the next stage begins when all of one are done.
using Stage = std::vector<Step>;

}  // namespace cluster
