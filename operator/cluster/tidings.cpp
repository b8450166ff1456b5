#include "operator/cluster/tidings.hpp"

#include "operator/cluster/operation.hpp"
#include "operator/cluster/report.hpp"

#include <algorithm>

namespace cluster {
namespace {

using crd::Truth;
using kube::EventType;

crd::ShardStatus const* shard_named(std::vector<crd::ShardStatus> const& shards,
                                    std::string_view name) {
  auto const found = std::ranges::find(shards, name, &crd::ShardStatus::name);
  return found != shards.end() ? &*found : nullptr;
}

void tell_primaries(crd::ValkeyClusterStatus const& before, crd::ValkeyClusterStatus const& after,
                    std::vector<Tiding>& told) {
  for (auto const& shard : after.shards) {
    auto const* const known = shard_named(before.shards, shard.name);
    if (!known || !known->primary || !shard.primary || known->primary == shard.primary) continue;
    auto const note = known->primary->pod == shard.primary->pod
                          ? shard.primary->pod + " began anew, without its data"
                          : shard.primary->pod + " took over from " + known->primary->pod;
    told.push_back({EventType::Normal, "PrimaryChanged", "Observe", shard.name + ": " + note});
  }
}

/// A condition that is true now and was not, or for another reason.
bool has_begun(std::string_view type, crd::ValkeyClusterStatus const& before,
               crd::ValkeyClusterStatus const& after) {
  auto const* const was = find(before.conditions, type);
  auto const* const is = find(after.conditions, type);
  bool const holds = is && is->status == Truth::True;
  return holds && (!was || was->status != Truth::True || was->reason != is->reason);
}

bool has_ended(std::string_view type, crd::ValkeyClusterStatus const& before,
               crd::ValkeyClusterStatus const& after) {
  auto const* const is = find(after.conditions, type);
  return is_true(before.conditions, type) && is && is->status == Truth::False;
}

std::string message_of(crd::ValkeyClusterStatus const& status, std::string_view type) {
  auto const* const condition = find(status.conditions, type);
  return condition ? condition->message : "";
}

std::string reason_of(crd::ValkeyClusterStatus const& status, std::string_view type) {
  auto const* const condition = find(status.conditions, type);
  return condition ? condition->reason : "";
}

}  // namespace

std::vector<Tiding> tidings(crd::ValkeyClusterStatus const& before,
                            crd::ValkeyClusterStatus const& after) {
  using namespace conditions;
  std::vector<Tiding> told;
  bool const was_created = state_of(before) == State::Creating;
  bool const is_created = state_of(after) != State::Creating;
  if (was_created && is_created)
    told.push_back({EventType::Normal, "Created", "Create",
                    "serves " + after.slots + " slots with " + after.ready_shards + " shards"});
  tell_primaries(before, after, told);
  if (has_ended(slots_covered, before, after))
    told.push_back(
        {EventType::Warning, "SlotsUnserved", "Observe", message_of(after, slots_covered)});
  if (has_begun(degraded, before, after))
    told.push_back(
        {EventType::Warning, reason_of(after, degraded), "Observe", message_of(after, degraded)});
  if (has_ended(degraded, before, after))
    told.push_back({EventType::Normal, "Recovered", "Heal", "nothing is broken any more"});
  return told;
}

}  // namespace cluster
