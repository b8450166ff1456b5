#pragma once
#include "operator/cluster/lifecycle.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

/// A model of what plans are about: pods with volumes, and Valkey servers in them that gossip,
/// elect and replicate. Time is in ticks, and everything follows from a seed.
namespace sim {

using Id = std::string;  ///< 40 hexadecimal digits
using Share = int;       ///< of the keys: those that hash to one shard's first slots

/// What one server knows of another.
struct Known {
  std::string ip;
  std::string hostname;
  bool is_connected = false;
  bool is_failed = false;
  bool is_handshake = false;
  bool is_replica = false;
  Id primary;
  std::uint64_t epoch = 0;
  valkey::SlotSet slots;
};

struct Server {
  Id id;
  std::uint64_t epoch = 0;
  valkey::SlotSet slots;
  Id primary;  ///< of a replica
  bool is_linked = false;
  bool has_synced = false;      ///< since it was started: else it does not stand for election
  std::map<Id, Known> known;    ///< without itself
  std::map<Id, int> forgotten;  ///< until which tick
  std::set<Share> data;
};

struct Pod {
  int shard = 0;
  int ordinal = 0;
  std::string name;
  std::string ip;
  std::string run_id;
  int down_until = 0;     ///< its process does not run
  int no_node_until = 0;  ///< nor is it scheduled: Kubernetes proves that it holds nothing
  int ends_at = 0;        ///< it is being deleted; its process ends then
  int unseen_until = 0;   ///< it runs, but we do not reach it
  bool has_current_acl = false;
  bool shows_current_certificate = false;
  Server server;  ///< with its volume
};

/// What goes wrong.
struct Faults {
  int per_thousand = 0;  ///< ticks in which something happens
  bool may_lose_volumes = false;
  int steps_lost_percent = 0;  ///< not carried out, or carried out and not told
};

class World {
 public:
  World(std::uint64_t seed, int shards, int replicas, bool is_persistent);

  /// One pass of the operator: look, plan, act. Faults strike between any two steps.
  cluster::Plan pass(Faults const& faults);
  /// What happens meanwhile.
  void tick(Faults const& faults);

  cluster::View view() const;
  /// What a plan is made from.
  cluster::Situation situation(cluster::View const& view) const {
    return {.spec = spec_, .names = names_, .view = view, .configured = configured_};
  }
  crd::ValkeyClusterSpec const& spec() const { return spec_; }
  cluster::State state() const { return state_; }

  /// A pod of a new cluster that finds no node for so long.
  void hold_back(std::size_t pod, int ticks);

  /// Clients write to every share that is served; whoever owns it, and its replicas, have it then.
  void write();
  /// Of all servers that run, and of one of them.
  valkey::SlotSet served() const;
  valkey::SlotSet served_by(Id const& id) const;
  /// Shares that were written and that no volume holds any more, though no fault took the last one
  /// (I1).
  std::set<Share> lost_by_us() const;
  /// Whether no invariant was broken.
  bool is_sound() const { return broken_.empty() && lost_by_us().empty(); }
  std::string text() const;

 private:
  bool chance(int percent);
  int pick(int below);
  Pod* at(std::string const& ip);
  Pod* pod_of(Id const& id);
  bool runs(Pod const& pod) const { return pod.down_until <= now_; }

  void carry_out(cluster::Step const& step, cluster::View const& seen);
  void perform(cluster::Step const& step);
  void perform(cluster::AssignSlots const& step);
  void perform(cluster::Meet const& step);
  void perform(cluster::Follow const& step);
  void perform(cluster::Forget const& step);
  void perform(cluster::HandOver const& step);
  void perform(cluster::TakeOver const& step);
  void perform(cluster::Configure const& step);
  void perform(cluster::LoadUsers const& step);
  void perform(cluster::ReloadCertificate const& step);

  void start(Pod& pod, bool keeps_volume);
  void restart(Pod& pod, bool keeps_volume);
  void strike(Faults const& faults);
  void gossip();
  void hear(Server& listener, Pod const& speaker);
  void elect();
  void promote(Pod& replica, Known& former);
  void replicate();
  cluster::Server answer_of(Pod const& pod, cluster::Place place) const;
  std::string nodes_text(Pod const& pod) const;
  Id new_id();

  std::mt19937_64 random_;
  crd::ValkeyClusterSpec spec_;
  crd::Names names_;
  std::vector<Pod> pods_;
  cluster::Configured configured_;
  cluster::State state_ = cluster::State::Creating;
  std::set<Share> written_;
  std::set<Share> destroyed_;     ///< by faults
  std::set<std::string> broken_;  ///< invariants, and by what
  int now_ = 1;
  int next_ip_ = 1;
  std::uint64_t next_id_ = 1;
  std::uint64_t newest_epoch_ = 0;  ///< which all servers hear of with any word of another
};

}  // namespace sim
