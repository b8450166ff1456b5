#include "operator/cluster/object_plan.hpp"

#include "common/crd/labels.hpp"
#include "common/digest.hpp"
#include "common/kube/quantity.hpp"
#include "operator/cluster/desired/config_map.hpp"
#include "operator/cluster/desired/drift.hpp"
#include "operator/cluster/desired/network_policy.hpp"
#include "operator/cluster/desired/pod_disruption_budget.hpp"
#include "operator/cluster/desired/services.hpp"
#include "operator/cluster/desired/stateful_set.hpp"
#include "operator/cluster/retention.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <utility>

namespace cluster {
namespace {

namespace kinds = kube::kinds;

json::value const* at(json::value const* value, std::string_view key) {
  auto const* const object = value ? value->if_object() : nullptr;
  return object ? object->if_contains(key) : nullptr;
}

/// What a StatefulSet can't change stays as it is, and pods that there are have to be seen off
/// before their number may go down (H1).
void keep_what_is_fixed(json::object& wanted, Child const& there) {
  auto* const spec = wanted.if_contains("spec");
  auto* const set = spec ? spec->if_object() : nullptr;
  if (!set) return;
  if (auto const* const claims = at(&there.spec, "volumeClaimTemplates"))
    (*set)["volumeClaimTemplates"] = *claims;
  auto* const replicas = set->if_contains("replicas");
  auto const* const present = at(&there.spec, "replicas");
  if (!replicas || !present) return;
  auto const count = mapping::decode<std::int64_t>(*replicas);
  auto const now = mapping::decode<std::int64_t>(*present);
  if (count && now && *now > *count) *replicas = *now;
}

/// Of a field that is wanted no more only this tells: what is there is as wanted, and more. It is
/// of what was asked for, but for what can't change.
void mark(json::object& whole) {
  auto asked = whole;
  auto* const spec = asked["spec"].if_object();
  if (spec) spec->erase("volumeClaimTemplates");
  auto const digest = digest_of(asked);
  auto* const metadata = whole["metadata"].if_object();
  if (!metadata) return;
  auto& annotations = (*metadata)["annotations"];
  if (!annotations.is_object()) annotations = json::object{};
  if (auto* const object = annotations.if_object()) (*object)[crd::labels::applied] = digest;
}

bool is_what_became_of(Applied const& applied, json::object const& wanted, Child const& there) {
  return applied.resource_version == there.metadata.resource_version &&
         applied.digest == digest_of(wanted);
}

class Planner {
 public:
  explicit Planner(ObjectSituation const& situation) : situation_{situation} {}

  ObjectPlan plan() {
    for (auto const& one : situation_.wanted) want(one);
    for (auto const& [key, child] : situation_.children) remove_unwanted(key, child);
    for (auto const& [key, child] : situation_.children)
      if (key.first == kinds::persistent_volume_claim.plural) change_claim(child);
    return std::move(plan_);
  }

 private:
  void want(Apply wanted) {
    mark(wanted.whole);
    auto const* const there = find(situation_.children, wanted.kind, wanted.ref.name);
    if (there && wanted.kind == kinds::config_map && !situation_.config_may_change) return;
    if (there) {
      if (auto const why = obstacle(there->metadata, situation_.cluster.metadata.uid);
          !why.empty()) {
        plan_.problems.push_back(
            {Trouble::ObjectInTheWay, told(wanted.kind, wanted.ref) + " " + why});
        return;
      }
      if (wanted.kind == kinds::stateful_set) keep_what_is_fixed(wanted.whole, *there);
      if (is_done(wanted, *there)) return;
      wanted.uid = there->metadata.uid;
    }
    auto& stage = wanted.kind == kinds::stateful_set ? plan_.sets : plan_.basics;
    stage.push_back(std::move(wanted));
  }

  bool is_done(Apply const& wanted, Child const& there) const {
    if (is_as_wanted(wanted.whole, there)) return true;
    auto const applied = situation_.applied.find({wanted.kind.plural, wanted.ref.name});
    return applied != situation_.applied.end() &&
           is_what_became_of(applied->second, wanted.whole, there);
  }

  /// Shards are left to those who know what is in them.
  void remove_unwanted(ChildKey const& key, Child const& child) {
    for (auto const& kind : {kinds::service, kinds::pod_disruption_budget}) {
      bool const is_wanted = std::ranges::any_of(situation_.wanted, [&](Apply const& one) {
        return one.kind == kind && one.ref.name == key.second;
      });
      bool const is_ours = belongs_to(child.metadata, situation_.cluster.metadata.uid);
      if (key.first == kind.plural && !is_wanted && is_ours && !protects(key) &&
          !child.metadata.deletion_timestamp)
        plan_.removals.push_back({kind, ref_of(child.metadata), child.metadata.uid});
    }
  }

  /// A shard that is wanted no more may still hold data (H43).
  bool protects(ChildKey const& key) const {
    return key.first == kinds::pod_disruption_budget.plural &&
           situation_.cluster.spec.disruption.pod_disruption_budget &&
           find(situation_.children, kinds::stateful_set, key.second);
  }

  void change_claim(Child const& claim) {
    auto changes = growth(claim);
    if (auto owners = changed_owners(situation_.cluster, claim))
      changes["metadata"] = *std::move(owners);
    if (changes.empty() || claim.metadata.deletion_timestamp) return;
    auto& metadata = changes["metadata"];
    if (!metadata.is_object()) metadata = json::object{};
    if (auto* const object = metadata.if_object())
      (*object)["resourceVersion"] = claim.metadata.resource_version;
    plan_.patches.push_back(
        {kinds::persistent_volume_claim, ref_of(claim.metadata), std::move(changes)});
  }

  json::object growth(Child const& claim) const {
    auto const& wanted = situation_.cluster.spec.persistence.size.text;
    auto const* const requests = at(at(&claim.spec, "resources"), "requests");
    auto const* const size = at(requests, "storage");
    auto const* const text = size ? size->if_string() : nullptr;
    auto const now = kube::whole_units(text ? std::string_view{*text} : std::string_view{});
    auto const then = kube::whole_units(wanted);
    if (!now || !then || *now >= *then) return {};
    return {{"spec", {{"resources", {{"requests", {{"storage", wanted}}}}}}}};
  }

  ObjectSituation const& situation_;
  ObjectPlan plan_;
};

}  // namespace

std::string told(kube::Resource const& kind, kube::ObjectRef const& ref) {
  return std::string{kind.kind} + " " + ref.text();
}

std::string obstacle(kube::Metadata const& object, std::string_view uid) {
  auto const* const owner = kube::controller_of(object);
  if (owner && owner->uid != uid) return "belongs to another " + owner->kind + ", " + owner->name;
  if (object.deletion_timestamp) return "is being deleted";
  return "";
}

bool is_as_wanted(json::object wanted, Child const& there) {
  json::object const found{
      {"metadata", mapping::encode(there.metadata)}, {"spec", there.spec}, {"data", there.data}};
  wanted.erase("apiVersion");
  wanted.erase("kind");
  return desired::is_as_wanted(wanted, json::value(found));
}

std::string digest_of(json::object const& whole) { return sha256(json::serialize(whole)); }

std::vector<Apply> wanted_objects(crd::ValkeyCluster const& cluster) {
  using namespace desired;
  crd::Names const names{cluster.metadata};
  auto const& spec = cluster.spec;
  std::vector<Apply> all;
  auto const add = [&](kube::Resource const& kind, std::string name, json::object whole) {
    all.push_back({.kind = kind,
                   .ref = {names.namespace_name(), std::move(name)},
                   .whole = std::move(whole),
                   .uid = {}});
  };
  add(kinds::config_map, names.config_map(), config_map(cluster));
  add(kinds::service, names.headless_service(), headless_service(cluster));
  add(kinds::service, names.client_service(), client_service(cluster));
  if (spec.services.read.enabled) add(kinds::service, names.read_service(), read_service(cluster));
  add(kinds::network_policy, names.network_policy(), network_policy(cluster));
  for (int shard = 0; shard < spec.shards; ++shard) {
    if (spec.disruption.pod_disruption_budget)
      add(kinds::pod_disruption_budget, names.shard(shard), pod_disruption_budget(cluster, shard));
    add(kinds::stateful_set, names.shard(shard), stateful_set(cluster, shard));
  }
  return all;
}

ObjectPlan plan_objects(ObjectSituation const& situation) { return Planner{situation}.plan(); }

}  // namespace cluster
