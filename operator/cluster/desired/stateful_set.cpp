#include "operator/cluster/desired/stateful_set.hpp"

#include "common/digest.hpp"
#include "common/kube/kinds.hpp"
#include "operator/cluster/desired/metadata.hpp"
#include "operator/cluster/desired/pod.hpp"

#include <boost/json/serialize.hpp>
#include <utility>

namespace cluster::desired {
namespace {

/// What a StatefulSet can't change later. Volumes outlive it, whoever deletes it: where they are to
/// go, they go with the cluster, which owns them then.
json::array volume_claims(crd::ValkeyCluster const& cluster, int shard) {
  auto const& wanted = cluster.spec.persistence;
  json::object spec{{"accessModes", json::array{"ReadWriteOnce"}},
                    {"resources", {{"requests", {{"storage", wanted.size.text}}}}}};
  if (wanted.storage_class_name) spec["storageClassName"] = *wanted.storage_class_name;
  return {json::object{
      {"metadata",
       {{"name", "data"}, {"labels", shard_labels(crd::Names{cluster.metadata}, shard)}}},
      {"spec", std::move(spec)}}};
}

}  // namespace

json::object stateful_set(crd::ValkeyCluster const& cluster, int shard) {
  crd::Names const names{cluster.metadata};
  auto const& spec = cluster.spec;
  auto whole =
      owned(kube::kinds::stateful_set, cluster, names.shard(shard), shard_labels(names, shard));
  json::object set{{"serviceName", names.headless_service()},
                   {"replicas", 1 + spec.replicas_per_shard},
                   {"podManagementPolicy", "Parallel"},
                   {"updateStrategy", {{"type", "OnDelete"}}},
                   {"selector", {{"matchLabels", shard_selector(names, shard)}}},
                   {"template", pod_template(cluster, shard)}};
  if (spec.persistence.enabled) set["volumeClaimTemplates"] = volume_claims(cluster, shard);
  whole["spec"] = std::move(set);
  return whole;
}

/// What is added here later has to be left out where it is as it was before there was such a field:
/// else a new release would find every pod out of date.
std::string pod_revision(crd::ValkeyClusterSpec const& spec) {
  constexpr std::size_t digits = 12;
  auto const& places = spec.scheduling;
  json::object chosen{
      {"image", spec.image.repository + ":" + spec.image.tag},
      {"resources", mapping::encode(spec.resources)},
      {"nodeSelector", mapping::encode(places.node_selector)},
      {"tolerations", mapping::encode(places.tolerations)},
      {"affinity", mapping::encode(places.affinity)},
      {"topologySpreadConstraints", mapping::encode(places.topology_spread_constraints)},
      {"priorityClassName", mapping::encode(places.priority_class_name)},
      {"spread", mapping::encode(places.spread)},
      {"podLabels", mapping::encode(spec.pod_labels)},
      {"podAnnotations", mapping::encode(spec.pod_annotations)}};
  if (spec.tls.enabled) chosen["tls"] = mapping::encode(spec.tls.secret_name);
  if (spec.metrics.enabled)
    chosen["exporter"] =
        json::object{{"image", spec.metrics.image.repository + ":" + spec.metrics.image.tag},
                     {"port", spec.metrics.port},
                     {"resources", mapping::encode(spec.metrics.resources)}};
  return sha256(json::serialize(chosen)).substr(0, digits);
}

}  // namespace cluster::desired
