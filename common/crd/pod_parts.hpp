#pragma once
#include "common/kube/int_or_string.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

/// The parts of a pod that users choose, as Kubernetes writes them (core/v1 PodSpec).
namespace crd {

struct LocalObjectReference {
  std::string name;
  bool operator==(LocalObjectReference const&) const = default;
};
BOOST_DESCRIBE_STRUCT(LocalObjectReference, (), (name))

struct Resources {
  std::map<std::string, kube::IntOrString> requests;
  std::map<std::string, kube::IntOrString> limits;
  bool operator==(Resources const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Resources, (), (requests, limits))

struct Toleration {
  std::optional<std::string> key;
  std::optional<std::string> operator_;
  std::optional<std::string> value;
  std::optional<std::string> effect;
  std::optional<std::int64_t> toleration_seconds;
  bool operator==(Toleration const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Toleration, (), (key, operator_, value, effect, toleration_seconds))

struct LabelRequirement {
  std::string key;
  std::string operator_;
  std::vector<std::string> values;
  bool operator==(LabelRequirement const&) const = default;
};
BOOST_DESCRIBE_STRUCT(LabelRequirement, (), (key, operator_, values))

struct LabelSelector {
  std::map<std::string, std::string> match_labels;
  std::vector<LabelRequirement> match_expressions;
  bool operator==(LabelSelector const&) const = default;
};
BOOST_DESCRIBE_STRUCT(LabelSelector, (), (match_labels, match_expressions))

struct NodeSelectorTerm {
  std::vector<LabelRequirement> match_expressions;
  std::vector<LabelRequirement> match_fields;
  bool operator==(NodeSelectorTerm const&) const = default;
};
BOOST_DESCRIBE_STRUCT(NodeSelectorTerm, (), (match_expressions, match_fields))

struct NodeSelector {
  std::vector<NodeSelectorTerm> node_selector_terms;
  bool operator==(NodeSelector const&) const = default;
};
BOOST_DESCRIBE_STRUCT(NodeSelector, (), (node_selector_terms))

struct PreferredSchedulingTerm {
  std::int32_t weight = 1;
  NodeSelectorTerm preference;
  bool operator==(PreferredSchedulingTerm const&) const = default;
};
BOOST_DESCRIBE_STRUCT(PreferredSchedulingTerm, (), (weight, preference))

struct NodeAffinity {
  std::optional<NodeSelector> required_during_scheduling_ignored_during_execution;
  std::vector<PreferredSchedulingTerm> preferred_during_scheduling_ignored_during_execution;
  bool operator==(NodeAffinity const&) const = default;
};
BOOST_DESCRIBE_STRUCT(NodeAffinity, (),
                      (required_during_scheduling_ignored_during_execution,
                       preferred_during_scheduling_ignored_during_execution))

struct PodAffinityTerm {
  std::optional<LabelSelector> label_selector;
  std::string topology_key;
  std::vector<std::string> namespaces;
  std::optional<LabelSelector> namespace_selector;
  std::vector<std::string> match_label_keys;
  std::vector<std::string> mismatch_label_keys;
  bool operator==(PodAffinityTerm const&) const = default;
};
BOOST_DESCRIBE_STRUCT(PodAffinityTerm, (),
                      (label_selector, topology_key, namespaces, namespace_selector,
                       match_label_keys, mismatch_label_keys))

struct WeightedPodAffinityTerm {
  std::int32_t weight = 1;
  PodAffinityTerm pod_affinity_term;
  bool operator==(WeightedPodAffinityTerm const&) const = default;
};
BOOST_DESCRIBE_STRUCT(WeightedPodAffinityTerm, (), (weight, pod_affinity_term))

struct PodAffinity {
  std::vector<PodAffinityTerm> required_during_scheduling_ignored_during_execution;
  std::vector<WeightedPodAffinityTerm> preferred_during_scheduling_ignored_during_execution;
  bool operator==(PodAffinity const&) const = default;
};
BOOST_DESCRIBE_STRUCT(PodAffinity, (),
                      (required_during_scheduling_ignored_during_execution,
                       preferred_during_scheduling_ignored_during_execution))

struct Affinity {
  std::optional<NodeAffinity> node_affinity;
  std::optional<PodAffinity> pod_affinity;
  std::optional<PodAffinity> pod_anti_affinity;
  bool operator==(Affinity const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Affinity, (), (node_affinity, pod_affinity, pod_anti_affinity))

struct TopologySpreadConstraint {
  std::int32_t max_skew = 1;
  std::string topology_key;
  std::string when_unsatisfiable;
  std::optional<LabelSelector> label_selector;
  std::optional<std::int32_t> min_domains;
  std::optional<std::string> node_affinity_policy;
  std::optional<std::string> node_taints_policy;
  std::vector<std::string> match_label_keys;
  bool operator==(TopologySpreadConstraint const&) const = default;
};
BOOST_DESCRIBE_STRUCT(TopologySpreadConstraint, (),
                      (max_skew, topology_key, when_unsatisfiable, label_selector, min_domains,
                       node_affinity_policy, node_taints_policy, match_label_keys))

}  // namespace crd
