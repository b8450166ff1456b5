#pragma once
#include "common/crd/formats.hpp"
#include "common/crd/pod_parts.hpp"

/// What is to be said of the parts of a pod. What only the API server can judge, it judges when
/// the StatefulSets are applied.
namespace schema {

template <>
struct Facts<crd::LocalObjectReference> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "name",
       .about = "Name of the object, in the same namespace.",
       .format = &crd::formats::dns_subdomain,
       .is_required = true},
  });
};

template <>
struct Facts<crd::Resources> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "requests",
       .about = "What the scheduler keeps free for each container: cpu, memory and others.",
       .most = 16,
       .format = &crd::formats::quantity},
      {.name = "limits",
       .about = "What each container may use at most: cpu, memory and others.",
       .most = 16,
       .format = &crd::formats::quantity},
  });
};

template <>
struct Facts<crd::Toleration> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "key", .about = "The taint's key; empty with operator Exists for every taint."},
      {.name = "operator_", .about = "Exists, or Equal (default) to compare the value."},
      {.name = "value", .about = "The taint's value."},
      {.name = "effect",
       .about = "NoSchedule, PreferNoSchedule or NoExecute; every effect where it is missing."},
      {.name = "toleration_seconds",
       .about = "How long a NoExecute taint is tolerated; for ever where it is missing."},
  });
};

template <>
struct Facts<crd::LabelRequirement> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "key", .about = "The label's key.", .is_required = true},
      {.name = "operator_",
       .about = "In, NotIn, Exists or DoesNotExist; for nodes Gt and Lt as well.",
       .is_required = true},
      {.name = "values", .about = "The values to compare with."},
  });
};

template <>
struct Facts<crd::LabelSelector> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "match_labels", .about = "Labels that an object has to have."},
      {.name = "match_expressions",
       .about = "Requirements that an object has to meet, all of them."},
  });
};

template <>
struct Facts<crd::NodeSelectorTerm> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "match_expressions", .about = "Requirements on the node's labels."},
      {.name = "match_fields", .about = "Requirements on the node's fields: metadata.name."},
  });
};

template <>
struct Facts<crd::NodeSelector> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "node_selector_terms",
       .about = "Terms of which a node has to meet one.",
       .is_required = true},
  });
};

template <>
struct Facts<crd::PreferredSchedulingTerm> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "weight", .about = "How much it counts.", .least = 1, .most = 100},
      {.name = "preference", .about = "What a node should be like."},
  });
};

template <>
struct Facts<crd::NodeAffinity> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "required_during_scheduling_ignored_during_execution",
       .about = "What a node has to be like."},
      {.name = "preferred_during_scheduling_ignored_during_execution",
       .about = "What a node should be like."},
  });
};

template <>
struct Facts<crd::PodAffinityTerm> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "label_selector", .about = "Which pods are meant."},
      {.name = "topology_key",
       .about = "The node label whose value tells places apart, such as kubernetes.io/hostname.",
       .is_required = true},
      {.name = "namespaces", .about = "Where the pods are; here where it is missing."},
      {.name = "namespace_selector", .about = "The same, by labels of the namespaces."},
      {.name = "match_label_keys", .about = "Labels in which the pods are to be equal."},
      {.name = "mismatch_label_keys", .about = "Labels in which the pods are to differ."},
  });
};

template <>
struct Facts<crd::WeightedPodAffinityTerm> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "weight", .about = "How much it counts.", .least = 1, .most = 100},
      {.name = "pod_affinity_term", .about = "Which pods, and what place.", .is_required = true},
  });
};

template <>
struct Facts<crd::PodAffinity> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "required_during_scheduling_ignored_during_execution",
       .about = "What has to hold where the pod goes."},
      {.name = "preferred_during_scheduling_ignored_during_execution",
       .about = "What should hold where the pod goes."},
  });
};

template <>
struct Facts<crd::Affinity> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "node_affinity", .about = "Which nodes pods go to."},
      {.name = "pod_affinity", .about = "Which pods they go near to."},
      {.name = "pod_anti_affinity", .about = "Which pods they keep away from."},
  });
};

template <>
struct Facts<crd::TopologySpreadConstraint> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "max_skew",
       .about = "By how many pods two places may differ.",
       .least = 1,
       .is_required = true},
      {.name = "topology_key",
       .about = "The node label whose value tells places apart, such as "
                "topology.kubernetes.io/zone.",
       .is_required = true},
      {.name = "when_unsatisfiable",
       .about = "DoNotSchedule, or ScheduleAnyway.",
       .is_required = true},
      {.name = "label_selector",
       .about = "Which pods are counted; all of this cluster's where it is missing."},
      {.name = "min_domains", .about = "How many places there have to be.", .least = 1},
      {.name = "node_affinity_policy", .about = "Honor (default) or Ignore the node affinity."},
      {.name = "node_taints_policy", .about = "Honor or Ignore (default) taints."},
      {.name = "match_label_keys", .about = "Labels in which counted pods are to be equal."},
  });
};

}  // namespace schema
