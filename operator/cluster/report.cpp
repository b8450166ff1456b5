#include "operator/cluster/report.hpp"

#include "common/crd/labels.hpp"
#include "operator/cluster/desired/stateful_set.hpp"
#include "operator/cluster/operation.hpp"

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>
#include <set>

namespace cluster {
namespace {

using crd::ClusterPhase;
using crd::Truth;

constexpr std::int64_t mebibyte = 1 << 20;

std::string name_of(auto value) { return boost::describe::enum_to_string(value, ""); }

/// The first few of many, for people.
std::string few_of(std::vector<std::string> const& all) {
  constexpr std::size_t most = 3;
  std::string text;
  for (std::size_t at = 0; at < std::min(most, all.size()); ++at)
    text += (at == 0 ? "" : "; ") + all[at];
  if (all.size() > most) text += "; and " + std::to_string(all.size() - most) + " more";
  return text;
}

/// Owners of slots that do not answer us, as the best connected of those who do sees them.
std::vector<valkey::Node> nodes_served_by_silent(View const& view) {
  std::vector<valkey::Node> found;
  auto const* const host = hub(view);
  if (!host) return found;
  for (auto const& node : host->topology.nodes())
    if (!view.find(node.id) && !node.slots.empty() && node.health == valkey::Health::Good &&
        node.link == valkey::LinkState::Connected)
      found.push_back(node);
  return found;
}

/// As the servers say of themselves, and others of those who do not answer.
valkey::SlotSet served_slots(View const& view) {
  auto served = view.claimed();
  for (auto const& node : nodes_served_by_silent(view)) served = served | node.slots;
  return served;
}

std::int64_t lag_of(Server const& replica, Server const& primary) {
  auto const behind = primary.replication.offset - replica.replication.offset;
  return behind < mebibyte ? 0 : behind / mebibyte * mebibyte;
}

crd::ReplicaStatus told(Server const& replica, Server const* primary) {
  using enum crd::ReplicationLink;
  crd::ReplicaStatus told{.pod = replica.place.pod_name,
                          .node_id = std::string{replica.id().text()},
                          .lag_bytes = {},
                          .link = replica.is_in_sync() ? Up : Down};
  if (primary && replica.is_in_sync()) told.lag_bytes = lag_of(replica, *primary);
  return told;
}

class Reporter {
 public:
  explicit Reporter(Findings const& findings)
      : findings_{findings},
        before_{findings.cluster.status},
        names_{findings.cluster.metadata},
        served_{served_slots(findings.view)} {}

  crd::ValkeyClusterStatus report() {
    status_.observed_generation = findings_.cluster.metadata.generation;
    status_.plan = before_.plan;
    for (auto const& [shard, size] : sizes()) add_shard(shard);
    count();
    judge();
    status_.operation = operation(findings_.plan, before_, findings_.now);
    status_.history = history(before_, status_.operation, findings_.now);
    status_.phase = phase();
    status_.message = message();
    return std::move(status_);
  }

 private:
  bool is_invalid() const {
    return std::ranges::any_of(findings_.problems, [](Problem const& problem) {
      return problem.trouble == Trouble::InvalidSpec;
    });
  }

  std::map<int, int> sizes() const {
    std::map<int, int> found;
    for (auto const& pod : findings_.places) ++found[pod.place.shard];
    return found;
  }

  PodPlace const* place_of(Server const& server) const {
    auto const found = std::ranges::find(findings_.places, server.place, &PodPlace::place);
    return found != findings_.places.end() ? &*found : nullptr;
  }

  void add_shard(int shard) {
    auto const& view = findings_.view;
    auto const* const owner = view.owner_of(shard);
    crd::ShardStatus told{.name = names_.shard(shard), .slots = {}, .primary = {}, .replicas = {}};
    if (owner) {
      told.slots = owner->myself().slots.text();
      told.primary = {.pod = owner->place.pod_name, .node_id = std::string{owner->id().text()}};
    } else {
      tell_silent_owner(shard, told);
    }
    for (auto const& server : view.servers)
      if (server.place.shard == shard && &server != owner && !server.is_blank())
        told.replicas.push_back(cluster::told(server, owner));
    status_.shards.push_back(std::move(told));
  }

  /// As others see it.
  void tell_silent_owner(int shard, crd::ShardStatus& told) const {
    for (auto const& node : nodes_served_by_silent(findings_.view))
      for (auto const& silent : findings_.view.silent) {
        bool const is_it = silent.place.shard == shard &&
                           names_.host(silent.place.pod_name) == node.address.hostname;
        if (!is_it) continue;
        told.slots = node.slots.text();
        told.primary = {.pod = silent.place.pod_name, .node_id = std::string{node.id.text()}};
      }
  }

  bool serves(Server const* owner) const {
    auto const* const place = owner ? place_of(*owner) : nullptr;
    return place && place->is_ready && !owner->is_loading && owner->is_ok;
  }

  bool is_whole(int shard, int size) const {
    auto const* const owner = findings_.view.owner_of(shard);
    auto const followers = std::ranges::count_if(findings_.view.servers, [&](Server const& server) {
      auto const* const place = place_of(server);
      return owner && server.place.shard == shard && server.follows(owner->id()) &&
             server.is_in_sync() && place && place->is_ready;
    });
    return serves(owner) && followers >= size - 1;
  }

  void count() {
    auto const shards = sizes();
    auto const whole = std::ranges::count_if(
        shards, [&](auto const& shard) { return is_whole(shard.first, shard.second); });
    auto const wanted = std::max(
        shards.size(), is_invalid() ? std::size_t{0} : static_cast<std::size_t>(spec().shards));
    // Of a cluster that was formed, nothing is known while nobody answers.
    if (!findings_.view.servers.empty() || findings_.plan.next == State::Creating) {
      status_.ready_shards = std::to_string(whole) + "/" + std::to_string(wanted);
      status_.slots = std::to_string(served_.count()) + "/" + std::to_string(valkey::slot_count);
    }
    std::set<valkey::ServerVersion> versions;
    for (auto const& server : findings_.view.servers) versions.insert(server.version);
    for (auto const& version : versions)
      status_.version += (status_.version.empty() ? "" : ", ") + version.text();
    status_.endpoint = names_.endpoint();
    status_.replicas = static_cast<std::int32_t>(shards.size());
    status_.selector = std::string{crd::labels::cluster} + "=" + names_.cluster();
  }

  void judge() {
    using namespace conditions;
    auto const& view = findings_.view;
    bool const is_seen = !view.servers.empty();
    auto const missing = valkey::SlotSet::all() - served_;
    if (!is_seen)
      add(slots_covered, Truth::Unknown, "NobodyAnswers", "no server answers");
    else if (missing.empty())
      add(slots_covered, Truth::True, "AllServed", "every slot has an owner");
    else
      add(slots_covered, Truth::False, "SlotsUnserved", "nobody serves " + missing.text());
    judge_replicas();
    judge_view();
    judge_tls();
    judge_ready();
    judge_progress();
    judge_health();
  }

  void judge_replicas() {
    using conditions::replicas_in_sync;
    std::vector<std::string> late;
    for (auto const& server : findings_.view.servers) {
      auto const* const owner = findings_.view.owner_of(server.place.shard);
      bool const is_replica = owner && owner != &server;
      if (is_replica && !(server.follows(owner->id()) && server.is_in_sync()))
        late.push_back(server.place.pod_name + " is not in sync with " + owner->place.pod_name);
    }
    for (auto const& silent : findings_.view.silent)
      late.push_back(silent.place.pod_name + " does not answer");
    if (findings_.view.servers.empty())
      add(replicas_in_sync, Truth::Unknown, "NobodyAnswers", "no server answers");
    else if (late.empty())
      add(replicas_in_sync, Truth::True, "InSync", "every replica has its primary's data");
    else
      add(replicas_in_sync, Truth::False, "NotInSync", few_of(late));
  }

  void judge_view() {
    std::vector<std::string> silent;
    for (auto const& server : findings_.view.silent)
      if (!server.holds_nothing) silent.push_back(server.place.pod_name + ": " + server.why);
    if (silent.empty())
      add(conditions::view_complete, Truth::True, "AllAnswer", "every server that runs answers");
    else
      add(conditions::view_complete, Truth::False, "ServersSilent", few_of(silent));
  }

  void judge_tls() {
    if (!spec().tls.enabled || is_invalid()) return;
    auto const found = std::ranges::find_if(findings_.problems, [](Problem const& problem) {
      return problem.trouble == Trouble::CertificateMissing;
    });
    if (found != findings_.problems.end())
      add(conditions::tls_ready, Truth::False, name_of(found->trouble), found->message);
    else
      add(conditions::tls_ready, Truth::True, "CertificateReady", "servers have a certificate");
  }

  void judge_ready() {
    using conditions::ready;
    auto const* const covered = cluster::find(status_.conditions, conditions::slots_covered);
    bool const is_covered = covered && covered->status == Truth::True;
    if (!is_covered) {
      add(ready, Truth::False, covered ? covered->reason : "", covered ? covered->message : "");
      return;
    }
    if (findings_.plan.next == State::Creating) {
      add(ready, Truth::False, "Creating", wait());
      return;
    }
    auto const why = torn(findings_.view);
    std::vector<std::string> waits;
    for (auto const& [shard, size] : sizes()) {
      auto const* const owner = findings_.view.owner_of(shard);
      if (owner && !serves(owner)) waits.push_back(owner->place.pod_name + " is not ready");
    }
    if (!why.empty())
      add(ready, Truth::False, "PrimariesApart", why);
    else if (!waits.empty())
      add(ready, Truth::False, "PrimariesNotReady", few_of(waits));
    else
      add(ready, Truth::True, "Serving", "every slot is served");
  }

  std::vector<std::string> outdated_pods() const {
    std::vector<std::string> found;
    if (is_invalid()) return found;
    auto const wanted = desired::pod_revision(spec());
    for (auto const& pod : findings_.places)
      if (!pod.revision.empty() && pod.revision != wanted) found.push_back(pod.place.pod_name);
    return found;
  }

  void judge_progress() {
    auto const next = findings_.plan.next;
    if (next != State::Running) {
      add(conditions::progressing, Truth::True, name_of(next), wait());
      return;
    }
    auto const outdated = outdated_pods();
    if (findings_.is_configuring)
      add(conditions::progressing, Truth::True, "Configuring",
          "servers are yet to take settings, users or certificates");
    else if (!outdated.empty())
      add(conditions::progressing, Truth::False, "RestartNeeded",
          "what has changed acts when these are replaced: " + few_of(outdated));
    else if (!findings_.restarts.empty())
      add(conditions::progressing, Truth::False, "RestartNeeded", findings_.restarts);
    else
      add(conditions::progressing, Truth::False, "Settled", "nothing is to be done");
  }

  /// A cluster that comes up as it should is not degraded.
  void judge_health() {
    using conditions::degraded;
    if (!findings_.problems.empty()) {
      auto const& first = findings_.problems.front();
      add(degraded, Truth::True, name_of(first.trouble), first.message);
      return;
    }
    auto const broken = troubled_pods();
    bool const is_stuck =
        !findings_.is_new && std::ranges::any_of(findings_.places, &PodPlace::is_stuck);
    bool const is_coming_up =
        !is_stuck && (findings_.plan.next == State::Creating ||
                      (findings_.is_new && findings_.plan.next == State::Running));
    if (is_coming_up || (findings_.plan.next == State::Running && broken.empty()))
      add(degraded, Truth::False, "AsWanted", "nothing is broken");
    else
      add(degraded, Truth::True, broken.empty() ? "Healing" : "PodsNotReady",
          broken.empty() ? wait() : few_of(broken));
  }

  std::vector<std::string> troubled_pods() const {
    std::vector<std::string> found;
    for (auto const& pod : findings_.places)
      if (!pod.is_ready) found.push_back("pod " + pod.place.pod_name + " " + pod.trouble);
    return found;
  }

  /// What it waits for, by those who know most.
  std::string wait() const {
    auto const broken = troubled_pods();
    auto const& waits = findings_.plan.waits;
    if (!findings_.doing.empty()) return findings_.doing;
    if (!findings_.view.silent.empty() && !broken.empty()) return few_of(broken);
    if (!waits.empty()) return waits.front();
    return broken.empty() ? "servers are to agree" : few_of(broken);
  }

  /// Times are kept where nothing has changed.
  void add(std::string_view type, Truth truth, std::string reason, std::string message) {
    auto const* const before = cluster::find(before_.conditions, type);
    bool const is_as_before = before && before->status == truth;
    status_.conditions.push_back({.type = std::string{type},
                                  .status = truth,
                                  .reason = std::move(reason),
                                  .message = std::move(message),
                                  .last_transition_time = is_as_before
                                                              ? before->last_transition_time
                                                              : std::string{findings_.now},
                                  .observed_generation = findings_.cluster.metadata.generation});
  }

  ClusterPhase phase() const {
    bool const is_degraded = is_true(status_.conditions, conditions::degraded);
    bool const serves = is_true(status_.conditions, conditions::ready);
    if (findings_.cluster.metadata.deletion_timestamp) return ClusterPhase::Deleting;
    if (is_invalid()) return ClusterPhase::Failed;
    if (spec().paused) return ClusterPhase::Paused;
    if (findings_.plan.next == State::Creating)
      return is_degraded && findings_.view.servers.empty() ? ClusterPhase::Pending
                                                           : ClusterPhase::Creating;
    bool const is_coming_up = findings_.is_new && !is_degraded && !troubled_pods().empty();
    if (is_coming_up) return ClusterPhase::Creating;
    if (is_degraded || !serves) return ClusterPhase::Degraded;
    return findings_.is_configuring ? ClusterPhase::Updating : ClusterPhase::Running;
  }

  std::string message() const {
    if (!findings_.problems.empty()) return findings_.problems.front().message;
    for (auto const type : {conditions::degraded, conditions::progressing}) {
      auto const* const condition = cluster::find(status_.conditions, type);
      bool const tells =
          condition && (condition->status == Truth::True || condition->reason == "RestartNeeded");
      if (tells) return condition->message;
    }
    return "";
  }

  crd::ValkeyClusterSpec const& spec() const { return findings_.cluster.spec; }

  Findings const& findings_;
  crd::ValkeyClusterStatus const& before_;
  crd::Names names_;
  valkey::SlotSet served_;
  crd::ValkeyClusterStatus status_;
};

/// What is told only along with other news.
crd::ValkeyClusterStatus essence(crd::ValkeyClusterStatus status) {
  status.message.clear();
  for (auto& condition : status.conditions) condition.message.clear();
  for (auto& shard : status.shards)
    for (auto& replica : shard.replicas) replica.lag_bytes.reset();
  if (status.operation) status.operation->step.clear();
  return status;
}

}  // namespace

crd::ValkeyClusterStatus report(Findings const& findings) { return Reporter{findings}.report(); }

bool is_news(crd::ValkeyClusterStatus const& before, crd::ValkeyClusterStatus const& after) {
  return essence(before) != essence(after);
}

crd::Condition const* find(std::vector<crd::Condition> const& conditions, std::string_view type) {
  auto const found = std::ranges::find(conditions, type, &crd::Condition::type);
  return found != conditions.end() ? &*found : nullptr;
}

bool is_true(std::vector<crd::Condition> const& conditions, std::string_view type) {
  auto const* const condition = find(conditions, type);
  return condition && condition->status == Truth::True;
}

}  // namespace cluster
