#pragma once
#include "common/valkey/info.hpp"
#include "common/valkey/replication.hpp"
#include "common/valkey/topology.hpp"

#include <optional>
#include <string>
#include <vector>

/// A cluster as it is seen in one pass: what Kubernetes says of its pods, and what the servers in
/// them say of themselves and of each other.
namespace cluster {

/// A pod that there should be, by its place in the cluster. Its place says nothing of its role.
struct Place {
  int shard = 0;
  int ordinal = 0;
  std::string pod_name;
  bool operator==(Place const&) const = default;
};

/// A server that was asked in this pass, and answered.
struct Server {
  Place place;
  std::string ip;           ///< of its pod, as Kubernetes says
  bool is_leaving = false;  ///< its pod is being deleted
  valkey::Topology topology;
  valkey::Replication replication;
  valkey::ServerVersion version;
  std::string run_id;  ///< another one after each start
  std::int64_t keys = 0;
  bool is_loading = false;
  bool is_ok = false;                     ///< in its own view, the cluster serves
  bool has_current_acl = false;           ///< it has loaded the ACL file that is wanted
  bool shows_current_certificate = true;  ///< if any is wanted

  valkey::Node const& myself() const { return topology.myself(); }
  valkey::NodeId const& id() const { return myself().id; }
  bool owns_slots() const { return !myself().slots.empty(); }
  bool follows(valkey::NodeId const& primary) const { return myself().primary == primary; }
  /// It has all that its primary had a moment ago, and goes on to.
  bool is_in_sync() const;
  /// It knows nobody, owns nothing and holds nothing: there is nothing to lose.
  bool is_blank() const;
  /// It came back as another node, with data: it knows nobody, and claims the slots of its keys by
  /// no epoch (valkey src/cluster_legacy.c, verifyClusterConfigWithData()). Whoever it met would
  /// take these from it, and it would drop the keys.
  bool is_returned() const;
};

/// One of which nothing is known in this pass.
struct Silent {
  Place place;
  std::string why;
  bool holds_nothing = false;  ///< as Kubernetes proves: no node runs it, and it has no volume
};

struct View {
  std::vector<Server> servers;
  std::vector<Silent> silent;

  /// How many servers there are, or may be.
  std::size_t size() const;
  /// The first who does not answer and may hold something; null where there is none.
  Silent const* unknown() const;
  /// Null if no server that answered is it.
  Server const* find(valkey::NodeId const& id) const;
  /// Slots that some server says are its own.
  valkey::SlotSet claimed() const;
  /// Who of a shard owns slots, as it says itself; of two, the one with the newer claim. Never one
  /// that has just returned.
  Server const* owner_of(int shard) const;
};

/// A view in which every server answered, or is proven to hold nothing. Whatever may destroy
/// something wants one: who does not answer may hold the last copy (H9, H12).
class CompleteView {
 public:
  /// Nothing where somebody is silent who may hold something. `view` has to outlive what is
  /// returned.
  static std::optional<CompleteView> of(View const& view);

  View const& operator*() const { return *view_; }
  View const* operator->() const { return view_; }

 private:
  explicit CompleteView(View const& view) : view_{&view} {}

  View const* view_;
};

}  // namespace cluster
