#pragma once
#include "common/json/json.hpp"
#include "common/kube/kinds.hpp"

#include <array>
#include <map>
#include <utility>

/// The objects that we make for a cluster, as far as they are compared with what is wanted.
namespace cluster {

/// Which of the members it has follows from its kind.
struct Child {
  kube::Metadata metadata;
  json::value spec;
  json::value data;
  bool operator==(Child const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Child, (), (metadata, spec, data))

/// The kinds that are watched. Secrets are not: who may list them may read all there are.
inline constexpr auto child_kinds = std::to_array<kube::Resource>(
    {kube::kinds::config_map, kube::kinds::service, kube::kinds::network_policy,
     kube::kinds::pod_disruption_budget, kube::kinds::stateful_set,
     kube::kinds::persistent_volume_claim});

/// By kind, as its plural, and name.
using ChildKey = std::pair<std::string_view, std::string>;
using Children = std::map<ChildKey, Child>;

/// Null where there is none.
Child const* find(Children const& children, kube::Resource const& kind, std::string const& name);

/// Whether the cluster of that uid is the one that manages it.
bool belongs_to(kube::Metadata const& child, std::string_view uid);

}  // namespace cluster
