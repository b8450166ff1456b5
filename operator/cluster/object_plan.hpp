#pragma once
#include "common/crd/names.hpp"
#include "operator/cluster/children.hpp"
#include "operator/cluster/problem.hpp"

#include <optional>
#include <string>
#include <vector>

/// Which objects a cluster is made of, and what is to be done so that they are as they should be.
namespace cluster {

/// An object as it is to be.
struct Apply {
  kube::Resource kind;
  kube::ObjectRef ref;
  json::object whole;
  std::string uid;  ///< of the one that there is
};

struct Remove {
  kube::Resource kind;
  kube::ObjectRef ref;
  std::string uid;
};

/// A merge patch, which holds the version that it is about.
struct Patch {
  kube::Resource kind;
  kube::ObjectRef ref;
  json::object changes;
};

struct ObjectPlan {
  std::vector<Apply> basics;  ///< without which no pod starts
  std::vector<Apply> sets;    ///< the StatefulSets, after these
  std::vector<Remove> removals;
  std::vector<Patch> patches;
  std::vector<Problem> problems;  ///< what is in the way of others
};

/// What a write of ours made of an object: whatever there differs from what was asked for, asking
/// again would not change (an admission webhook may have done it).
struct Applied {
  std::string digest;  ///< of what was asked for
  std::string resource_version;
};
std::string digest_of(json::object const& whole);

/// Why an object of that name can't be ours: it is another cluster's, or an earlier one's of the
/// same name (H14). Empty where it can.
std::string obstacle(kube::Metadata const& object, std::string_view uid);

/// "Service demo/cache"
std::string told(kube::Resource const& kind, kube::ObjectRef const& ref);

/// Kind and version are not kept of what is there.
bool is_as_wanted(json::object wanted, Child const& there);

/// The watched kinds alone: no Secret or Certificate.
std::vector<Apply> wanted_objects(crd::ValkeyCluster const& cluster);

/// What a plan is made from.
struct ObjectSituation {
  crd::ValkeyCluster const& cluster;
  std::vector<Apply> const& wanted;
  Children const& children;
  std::map<ChildKey, Applied> const& applied;
  /// Whether servers took, or will never see, the configuration that is wanted: until then the one
  /// that they would start with stays as it is (H35).
  bool config_may_change = true;
};
ObjectPlan plan_objects(ObjectSituation const& situation);

}  // namespace cluster
