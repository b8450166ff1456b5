#include "operator/cluster/desired/scheduling.hpp"

#include "common/crd/labels.hpp"
#include "operator/cluster/desired/metadata.hpp"

#include <utility>

namespace cluster::desired {
namespace {

constexpr std::string_view host = "kubernetes.io/hostname";
constexpr std::string_view zone = "topology.kubernetes.io/zone";
constexpr std::string_view ordinal = "apps.kubernetes.io/pod-index";

json::object selecting(json::object labels) { return {{"matchLabels", std::move(labels)}}; }

/// No two pods of a shard on one node: with it would go all copies of its data.
json::object apart(crd::ValkeyCluster const& cluster, int shard) {
  crd::Names const names{cluster.metadata};
  json::object term{{"topologyKey", host},
                    {"labelSelector", selecting(shard_selector(names, shard))}};
  if (cluster.spec.scheduling.spread == crd::Spread::Required)
    return {{"requiredDuringSchedulingIgnoredDuringExecution", json::array{std::move(term)}}};
  json::object preferred{{"weight", 100}, {"podAffinityTerm", std::move(term)}};
  return {{"preferredDuringSchedulingIgnoredDuringExecution", json::array{std::move(preferred)}}};
}

/// What the user wants, and then what `spread` does.
json::object affinity(crd::ValkeyCluster const& cluster, int shard) {
  auto const& wanted = cluster.spec.scheduling;
  auto whole = mapping::encode_object(wanted.affinity.value_or(crd::Affinity{}));
  bool const is_said = wanted.affinity && wanted.affinity->pod_anti_affinity;
  if (wanted.spread != crd::Spread::None && !is_said)
    whole["podAntiAffinity"] = apart(cluster, shard);
  return whole;
}

/// A majority of primaries lost with one zone or node would stop the cluster, and who has the same
/// ordinal is a primary at first: these are spread among themselves.
json::array even_spread(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  json::array constraints;
  for (auto const place : {zone, host})
    constraints.push_back(json::object{{"maxSkew", 1},
                                       {"topologyKey", place},
                                       {"whenUnsatisfiable", "ScheduleAnyway"},
                                       {"labelSelector", selecting(cluster_selector(names))},
                                       {"matchLabelKeys", json::array{ordinal}}});
  return constraints;
}

json::array chosen_spread(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  json::array constraints;
  for (auto const& wanted : cluster.spec.scheduling.topology_spread_constraints) {
    auto constraint = mapping::encode_object(wanted);
    if (!wanted.label_selector) constraint["labelSelector"] = selecting(cluster_selector(names));
    constraints.push_back(std::move(constraint));
  }
  return constraints;
}

}  // namespace

json::object scheduling(crd::ValkeyCluster const& cluster, int shard) {
  auto const& wanted = cluster.spec.scheduling;
  json::object placed;
  if (auto nodes = affinity(cluster, shard); !nodes.empty()) placed["affinity"] = std::move(nodes);
  auto constraints = chosen_spread(cluster);
  if (constraints.empty() && wanted.spread != crd::Spread::None) constraints = even_spread(cluster);
  if (!constraints.empty()) placed["topologySpreadConstraints"] = std::move(constraints);
  if (!wanted.node_selector.empty()) placed["nodeSelector"] = mapping::encode(wanted.node_selector);
  if (!wanted.tolerations.empty()) placed["tolerations"] = mapping::encode(wanted.tolerations);
  if (wanted.priority_class_name) placed["priorityClassName"] = *wanted.priority_class_name;
  return placed;
}

}  // namespace cluster::desired
