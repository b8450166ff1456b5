#include "test/support/sim/world.hpp"

#include "test/support/clusters.hpp"
#include "test/support/sim/invariants.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace sim {
namespace {

constexpr int ban = 60;       // ticks that a forgotten node stays forgotten
constexpr int detection = 5;  // ticks until a silent node counts as failed

std::string flags_of(Known const& node) {
  if (node.is_handshake) return "handshake";
  std::string flags = node.is_replica ? "slave" : "master";
  if (node.is_failed) flags += ",fail";
  return flags;
}

std::string line(Id const& id, Known const& node, std::string_view flags) {
  return fmt::format("{} {}:6379@16379,{} {} {} 0 1 {} {}{}\n", id, node.ip, node.hostname, flags,
                     node.is_replica && !node.primary.empty() ? node.primary : "-", node.epoch,
                     "connected",  // also where it tries an address of before
                     node.slots.empty() ? "" : " " + node.slots.text());
}

}  // namespace

World::World(std::uint64_t seed, int shards, int replicas, bool is_persistent)
    : random_{seed}, names_{a_cluster().metadata} {
  spec_.shards = shards;
  spec_.replicas_per_shard = replicas;
  spec_.persistence.enabled = is_persistent;
  for (int shard = 0; shard < shards; ++shard)
    for (int ordinal = 0; ordinal <= replicas; ++ordinal) {
      Pod pod;
      pod.shard = shard;
      pod.ordinal = ordinal;
      pod.name = names_.pod(shard, ordinal);
      start(pod, false);
      pod.down_until = now_ + pick(5);
      pods_.push_back(pod);
    }
}

int World::pick(int below) {
  return static_cast<int>(std::uniform_int_distribution<int>{0, below - 1}(random_));
}
bool World::chance(int percent) { return pick(100) < percent; }
Id World::new_id() { return fmt::format("{:040x}", next_id_++); }

Pod* World::at(std::string const& ip) {
  auto const found =
      std::ranges::find_if(pods_, [&](Pod const& pod) { return pod.ip == ip && runs(pod); });
  return found != pods_.end() ? &*found : nullptr;
}

Pod* World::pod_of(Id const& id) {
  auto const found =
      std::ranges::find_if(pods_, [&](Pod const& pod) { return pod.server.id == id && runs(pod); });
  return found != pods_.end() ? &*found : nullptr;
}

/// As the start script does it: without data, a primary of replicas gives up its identity.
void World::start(Pod& pod, bool keeps_volume) {
  pod.ip = fmt::format("10.0.{}.{}", next_ip_ / 250, next_ip_ % 250 + 1);
  pod.run_id = fmt::format("run{}", next_ip_++);
  pod.has_current_acl = true;
  pod.shows_current_certificate = true;
  pod.ends_at = 0;
  if (!keeps_volume) pod.server = {};
  if (pod.server.id.empty()) pod.server.id = new_id();
  pod.server.is_linked = false;
  pod.server.has_synced = false;
  for (auto& [id, node] : pod.server.known) node.is_connected = false;
}

cluster::View World::view() const {
  cluster::View seen;
  for (auto const& pod : pods_) {
    cluster::Place place{.shard = pod.shard, .ordinal = pod.ordinal, .pod_name = pod.name};
    if (runs(pod) && pod.unseen_until <= now_)
      seen.servers.push_back(answer_of(pod, std::move(place)));
    else
      seen.silent.push_back(
          {std::move(place), "no answer", !runs(pod) && pod.no_node_until > now_});
  }
  return seen;
}

cluster::Server World::answer_of(Pod const& pod, cluster::Place place) const {
  cluster::Server server;
  server.place = std::move(place);
  server.ip = pod.ip;
  server.topology = valkey::Topology::parse(nodes_text(pod)).value();
  server.run_id = pod.run_id;
  server.keys = static_cast<std::int64_t>(pod.server.data.size());
  server.is_leaving = pod.ends_at > now_;
  server.has_current_acl = pod.has_current_acl;
  server.shows_current_certificate = pod.shows_current_certificate;
  bool const fails = std::ranges::any_of(pod.server.known, [](auto const& entry) {
    return entry.second.is_failed && !entry.second.slots.empty();
  });
  server.is_ok = server.topology.covered() == valkey::SlotSet::all() && !fails;
  if (pod.server.primary.empty()) return server;
  server.replication.role = valkey::Role::Replica;
  server.replication.link =
      valkey::PrimaryLink{.primary = {},
                          .status = pod.server.is_linked ? valkey::PrimaryLink::Status::Up
                                                         : valkey::PrimaryLink::Status::Down,
                          .was_up = pod.server.has_synced,
                          .last_word = {}};
  return server;
}

std::string World::nodes_text(Pod const& pod) const {
  Known const self{.ip = pod.ip,
                   .hostname = names_.host(pod.name),
                   .is_connected = true,
                   .is_replica = !pod.server.primary.empty(),
                   .primary = pod.server.primary,
                   .epoch = pod.server.epoch,
                   .slots = pod.server.slots};
  auto text = line(pod.server.id, self, "myself," + flags_of(self));
  for (auto const& [id, node] : pod.server.known) text += line(id, node, flags_of(node));
  return text;
}

cluster::Plan World::pass(Faults const& faults) {
  if (faults.per_thousand > 0 && chance(2)) configured_.clear();  // another operator
  auto const seen = view();
  cluster::Situation const situation{
      .spec = spec_, .names = names_, .view = seen, .configured = configured_};
  auto plan = cluster::plan(state_, situation);
  state_ = plan.next;
  for (auto const& stage : plan.stages)
    for (auto const& step : stage) {
      strike(faults);
      if (!chance(faults.steps_lost_percent)) carry_out(step, seen);
      if (chance(faults.steps_lost_percent)) return plan;  // done, and we died before we knew
    }
  return plan;
}

void World::carry_out(cluster::Step const& step, cluster::View const& seen) {
  auto const before = served();
  broken_.merge(invariants::forbid(*this, seen, step));
  perform(step);
  broken_.merge(invariants::keep_served(before, served(), step));
}

void World::perform(cluster::Step const& step) {
  std::visit([this](auto const& one) { perform(one); }, step);
}

void World::perform(cluster::AssignSlots const& step) {
  auto* const pod = at(step.owner().ip);
  if (!pod || pod->server.id != step.owner().id.text()) return;
  for (auto const& [id, node] : pod->server.known)
    if (node.slots.shares_any(step.slots())) return;  // "Slot is already busy"
  auto const epoch = step.epoch();
  if (epoch && !pod->server.known.empty()) return;
  pod->server.slots = pod->server.slots | step.slots();
  if (!epoch) return;
  pod->server.epoch = *epoch;
  newest_epoch_ = std::max(newest_epoch_, *epoch);
}

void World::perform(cluster::Meet const& step) {
  auto* const host = at(step.host.ip);
  auto* const newcomer = at(step.newcomer.ip);
  if (!host || !newcomer || host->server.id != step.host.id.text()) return;
  for (auto const& [listener, speaker] : {std::pair{host, newcomer}, std::pair{newcomer, host}}) {
    if (listener->server.forgotten[speaker->server.id] > now_) continue;
    auto& node = listener->server.known[speaker->server.id];
    node.ip = speaker->ip;
    node.is_connected = true;
  }
}

void World::perform(cluster::Follow const& step) {
  auto* const pod = at(step.replica.ip);
  if (!pod || pod->server.id != step.replica.id.text()) return;
  Id const primary{step.primary.text()};
  if (!pod->server.known.contains(primary) || !pod->server.slots.empty()) return;
  if (pod->server.primary.empty() && !pod->server.data.empty()) return;  // not empty
  pod->server.primary = primary;
  pod->server.is_linked = false;
  pod->server.has_synced = false;
}

void World::perform(cluster::Forget const& step) {
  Id const ghost{step.ghost().text()};
  for (auto const& target : step.members()) {
    auto* const pod = at(target.ip);
    if (!pod || pod->server.id != target.id.text() || pod->server.primary == ghost) continue;
    pod->server.known.erase(ghost);
    pod->server.forgotten[ghost] = now_ + ban;
  }
}

/// The primary agrees: it waits until the replica has all, and steps back.
void World::perform(cluster::HandOver const& step) {
  auto* const replica = at(step.replica.ip);
  auto* const primary = at(step.primary.ip);
  if (!replica || !primary || replica->server.id != step.replica.id.text()) return;
  bool const follows =
      primary->server.id == step.primary.id.text() && replica->server.primary == primary->server.id;
  if (!follows || !replica->server.is_linked || primary->server.slots.empty()) return;
  replica->server.data = primary->server.data;
  replica->server.slots = std::exchange(primary->server.slots, {});
  replica->server.known[primary->server.id].slots = {};
  primary->server.known[replica->server.id].slots = replica->server.slots;
  replica->server.epoch = ++newest_epoch_;
  replica->server.primary.clear();
  primary->server.primary = replica->server.id;
  primary->server.is_linked = false;
  primary->server.has_synced = false;
}

void World::perform(cluster::TakeOver const& step) {
  auto* const pod = at(step.replica().ip);
  if (!pod || pod->server.id != step.replica().id.text()) return;
  if (pod->server.primary == step.dead().text())
    promote(*pod, pod->server.known[pod->server.primary]);
}

void World::perform(cluster::Configure const& step) {
  auto* const pod = at(step.server.ip);
  if (!pod || pod->server.id != step.server.id.text()) return;
  if (step.run_id.empty())
    configured_.erase(pod->run_id);
  else
    configured_[pod->run_id] = cluster::settings_revision(spec_);
}

void World::perform(cluster::ReloadCertificate const& step) {
  if (auto* const pod = at(step.server.ip)) pod->shows_current_certificate = true;
}

void World::perform(cluster::LoadUsers const& step) {
  if (auto* const pod = at(step.server.ip)) pod->has_current_acl = true;
}

void World::tick(Faults const& faults) {
  ++now_;
  for (auto& pod : pods_)
    if (pod.ends_at == now_) restart(pod, spec_.persistence.enabled);
  strike(faults);
  gossip();
  elect();
  replicate();
}

/// Its process ends, and comes back elsewhere. What only its volume had is not lost by us.
void World::restart(Pod& pod, bool keeps_volume) {
  auto const was = pod.server.data;
  start(pod, keeps_volume);
  for (auto const share : was)
    if (std::ranges::none_of(pods_, [&](Pod const& it) { return it.server.data.contains(share); }))
      destroyed_.insert(share);
  pod.down_until = now_ + 1 + pick(10);
  if (!keeps_volume && chance(20)) pod.no_node_until = pod.down_until = now_ + 20 + pick(40);
}

void World::hold_back(std::size_t pod, int ticks) {
  if (pod < pods_.size()) pods_[pod].no_node_until = pods_[pod].down_until = now_ + ticks;
}

void World::strike(Faults const& faults) {
  if (pick(1000) >= faults.per_thousand) return;
  auto& pod = pods_[static_cast<std::size_t>(pick(static_cast<int>(pods_.size())))];
  switch (pick(5)) {
    case 0:
      restart(pod, spec_.persistence.enabled);
      return;
    case 1:  // the API server is told to delete it
      pod.ends_at = now_ + 1 + pick(10);
      return;
    case 2:
      pod.unseen_until = now_ + 1 + pick(20);
      return;
    case 3:  // Secrets are changed
      for (auto& each : pods_) each.has_current_acl = each.shows_current_certificate = false;
      return;
    default:
      if (faults.may_lose_volumes) restart(pod, false);
  }
}

/// Everybody who is connected tells of itself and of whom it knows.
void World::gossip() {
  for (auto& listener : pods_) {
    if (!runs(listener)) continue;
    for (auto& [id, node] : listener.server.known) {
      auto* const speaker = pod_of(id);
      node.is_connected = speaker && speaker->ip == node.ip;
      if (node.is_connected)
        node.is_failed = false;
      else if (!speaker && chance(100 / detection))
        node.is_failed = true;
    }
    for (auto const& speaker : pods_) {
      if (&speaker == &listener || !runs(speaker)) continue;
      // A restarted server dials those whose addresses it remembers, and tells them its own.
      auto const dials = speaker.server.known.find(listener.server.id);
      bool const is_dialled =
          dials != speaker.server.known.end() && dials->second.ip == listener.ip;
      auto const heard = listener.server.known.find(speaker.server.id);
      if (heard == listener.server.known.end()) continue;
      if (is_dialled) heard->second.ip = speaker.ip;
      if (heard->second.ip == speaker.ip) hear(listener.server, speaker);
    }
  }
}

void World::hear(Server& listener, Pod const& speaker) {
  auto& node = listener.known[speaker.server.id];
  node.ip = speaker.ip;
  node.hostname = names_.host(speaker.name);
  node.is_connected = true;
  node.is_failed = false;
  node.is_handshake = false;
  node.is_replica = !speaker.server.primary.empty();
  node.primary = speaker.server.primary;
  node.epoch = speaker.server.epoch;
  auto claimed = speaker.server.slots;
  for (auto& [id, other] : listener.known) {
    if (id == speaker.server.id) continue;
    if (other.epoch >= node.epoch) claimed = claimed - other.slots;
    other.slots = other.slots - claimed;
  }
  if (listener.epoch >= node.epoch) claimed = claimed - listener.slots;
  bool const had_slots = !listener.slots.empty();
  listener.slots = listener.slots - claimed;
  if (had_slots && listener.slots.empty()) {  // who lost all its slots follows who has them
    listener.primary = speaker.server.id;
    listener.is_linked = false;
    listener.has_synced = false;
  }
  node.slots = claimed;
  for (auto const& [id, other] : speaker.server.known) {
    if (id == listener.id || other.is_handshake || other.is_failed) continue;
    if (listener.forgotten[id] > now_) continue;
    auto const [known, is_new] = listener.known.try_emplace(id);
    // Who can't reach a node believes who can of where it is (clusterProcessGossipSection()).
    if (is_new || (!known->second.is_connected && other.is_connected)) known->second.ip = other.ip;
    if (is_new) known->second.hostname = other.hostname;
  }
}

/// A majority of the primaries with slots lets a replica of a failed one take over.
void World::elect() {
  for (auto& candidate : pods_) {
    if (!runs(candidate) || !candidate.server.has_synced) continue;
    if (candidate.server.primary.empty()) continue;
    auto const known = candidate.server.known.find(candidate.server.primary);
    if (known == candidate.server.known.end() || !known->second.is_failed) continue;
    if (known->second.slots.empty()) continue;
    int owners = 1;
    int voters = 0;
    for (auto const& [id, node] : candidate.server.known) {
      if (id == candidate.server.primary || node.slots.empty()) continue;
      ++owners;
      auto* const voter = pod_of(id);
      if (!voter) continue;
      auto const view = voter->server.known.find(candidate.server.primary);
      if (view != voter->server.known.end() && view->second.is_failed) ++voters;
    }
    if (voters < owners / 2 + 1) continue;
    promote(candidate, known->second);
    return;
  }
}

void World::promote(Pod& replica, Known& former) {
  replica.server.epoch = ++newest_epoch_;
  replica.server.slots = std::exchange(former.slots, {});
  replica.server.primary.clear();
}

void World::replicate() {
  for (auto& pod : pods_) {
    if (!runs(pod) || pod.server.primary.empty()) continue;
    auto* const primary = pod_of(pod.server.primary);
    auto const known = pod.server.known.find(pod.server.primary);
    bool const reaches =
        primary && known != pod.server.known.end() && known->second.ip == primary->ip;
    if (reaches) pod.server.data = primary->server.data;
    pod.server.is_linked = reaches;
    pod.server.has_synced = pod.server.has_synced || reaches;
  }
}

void World::write() {
  auto const shares = valkey::even_shares(static_cast<std::size_t>(spec_.shards));
  for (int share = 0; share < spec_.shards; ++share)
    for (auto& pod : pods_) {
      auto const slot = shares[static_cast<std::size_t>(share)].first;
      if (!runs(pod) || !pod.server.slots.contains(slot)) continue;
      pod.server.data.insert(share);
      written_.insert(share);
      destroyed_.erase(share);
    }
  replicate();
}

valkey::SlotSet World::served() const {
  valkey::SlotSet all;
  for (auto const& pod : pods_)
    if (runs(pod)) all = all | pod.server.slots;
  return all;
}

valkey::SlotSet World::served_by(Id const& id) const {
  valkey::SlotSet all;
  for (auto const& pod : pods_)
    if (runs(pod) && pod.server.id == id) all = all | pod.server.slots;
  return all;
}

std::set<Share> World::lost_by_us() const {
  std::set<Share> lost;
  for (auto const share : written_)
    if (!destroyed_.contains(share) && std::ranges::none_of(pods_, [&](Pod const& pod) {
          return pod.server.data.contains(share);
        }))
      lost.insert(share);
  return lost;
}

std::string World::text() const {
  auto const last_digits = [](Id const& id) {
    return id.substr(id.size() < 3 ? 0 : id.size() - 3);
  };
  std::string text;
  for (auto const& pod : pods_) {
    auto const& server = pod.server;
    text += fmt::format("{} {} {}{}: {} epoch {} slots {} primary {}{} data {}; knows", pod.name,
                        pod.ip, runs(pod) ? "runs" : "down",
                        pod.unseen_until > now_ ? ", unseen" : "", last_digits(server.id),
                        server.epoch, server.slots.text(), last_digits(server.primary),
                        server.is_linked ? " linked" : "", server.data.size());
    for (auto const& [id, node] : server.known)
      text += fmt::format(" {}@{}{}{}{}", last_digits(id), node.ip, node.is_connected ? "" : "!",
                          node.is_failed ? "fail" : "",
                          node.slots.empty() ? "" : "[" + node.slots.text() + "]");
    text += "\n";
  }
  for (auto const& invariant : broken_) text += invariant + "\n";
  return text + cluster::unsettled(view());
}

}  // namespace sim
