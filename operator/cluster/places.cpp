#include "operator/cluster/places.hpp"

#include "common/crd/cluster_rules.hpp"
#include "operator/cluster/desired/stateful_set.hpp"

#include <algorithm>
#include <charconv>

namespace cluster {
namespace {

/// 2 of "cache-2" for the cluster "cache".
std::optional<int> shard_index(std::string const& name, std::string const& cluster) {
  auto const prefix = cluster + "-";
  if (!name.starts_with(prefix)) return std::nullopt;
  int index = 0;
  auto const* const end = name.data() + name.size();
  auto const [rest, error] = std::from_chars(name.data() + prefix.size(), end, index);
  return error == std::errc{} && rest == end && index >= 0 ? std::optional{index} : std::nullopt;
}

int replicas_of(Child const& set) {
  auto const* const spec = set.spec.if_object();
  auto const* const replicas = spec ? spec->if_contains("replicas") : nullptr;
  auto const count = replicas ? mapping::decode<std::int32_t>(*replicas) : Result<std::int32_t>{1};
  constexpr auto most = static_cast<std::int32_t>(crd::rules::most_pods);
  return count ? std::clamp(*count, 0, most) : 0;
}

bool is_over(Pod const& pod) {
  return pod.status.phase == "Failed" || pod.status.phase == "Succeeded";
}

std::string annotation(Pod const& pod, std::string_view key) {
  auto const found = pod.metadata.annotations.find(std::string{key});
  return found != pod.metadata.annotations.end() ? found->second : "";
}

PodPlace seen(Place place, Pod const& pod) {
  return {.place = std::move(place),
          .ip = is_over(pod) ? "" : pod.status.pod_IP,
          .is_leaving = pod.metadata.deletion_timestamp.has_value(),
          .is_ready = is_ready(pod),
          .is_stuck = is_stuck(pod),
          .has_tls = annotation(pod, desired::tls_annotation) == "true",
          .revision = annotation(pod, desired::revision_annotation),
          .trouble = trouble(pod)};
}

json::value const* claimed(std::string const& pod, Children const& children, std::string_view key) {
  auto const* const claim =
      find(children, kube::kinds::persistent_volume_claim, crd::Names::claim(pod));
  auto const* const spec = claim ? claim->spec.if_object() : nullptr;
  return spec ? spec->if_contains(key) : nullptr;
}

/// A claim that is bound may lead to what an earlier pod has left.
bool has_volume(std::string const& pod, Children const& children) {
  return claimed(pod, children, "volumeName") != nullptr;
}

/// The scheduler says that a volume is missing, and not of which class.
std::string trouble_with_volume(PodPlace const& pod, Children const& children) {
  auto const* const wanted = claimed(pod.place.pod_name, children, "storageClassName");
  auto const* const name = wanted ? wanted->if_string() : nullptr;
  bool const waits = pod.holds_nothing && pod.trouble.contains("PersistentVolumeClaim");
  return waits && name ? "; its volume is to be of StorageClass " + std::string{*name} : "";
}

PodPlace unseen(Place place, std::string why) {
  PodPlace made;
  made.place = std::move(place);
  made.trouble = std::move(why);
  return made;
}

PodPlace look_up(Place place, Child const* set, Children const& children, Pods const& pods) {
  auto const found = pods.find(place.pod_name);
  if (found == pods.end()) return unseen(std::move(place), "is not made yet");
  if (!set || !belongs_to(found->second.metadata, set->metadata.uid))
    return unseen(std::move(place), "waits for an earlier pod of this name to end");
  auto made = seen(std::move(place), found->second);
  made.holds_nothing = is_unscheduled(found->second) && !has_volume(made.place.pod_name, children);
  made.trouble += trouble_with_volume(made, children);
  return made;
}

}  // namespace

std::map<int, int> shard_sizes(crd::ValkeyCluster const& cluster, Children const& children,
                               bool is_wanted) {
  std::map<int, int> sizes;
  auto const& spec = cluster.spec;
  for (int shard = 0; is_wanted && shard < spec.shards; ++shard)
    sizes[shard] = 1 + spec.replicas_per_shard;
  for (auto const& [key, child] : children) {
    if (key.first != kube::kinds::stateful_set.plural) continue;
    auto const index = shard_index(key.second, cluster.metadata.name);
    if (index && belongs_to(child.metadata, cluster.metadata.uid))
      sizes[*index] = std::max(sizes[*index], replicas_of(child));
  }
  return sizes;
}

std::vector<PodPlace> places(crd::Names const& names, std::map<int, int> const& sizes,
                             Children const& children, Pods const& pods) {
  std::vector<PodPlace> all;
  for (auto const& [shard, size] : sizes) {
    auto const* const set = find(children, kube::kinds::stateful_set, names.shard(shard));
    for (int ordinal = 0; ordinal < size; ++ordinal)
      all.push_back(
          look_up({.shard = shard, .ordinal = ordinal, .pod_name = names.pod(shard, ordinal)}, set,
                  children, pods));
  }
  return all;
}

}  // namespace cluster
