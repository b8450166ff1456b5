#pragma once
#include "common/crd/names.hpp"
#include "operator/cluster/children.hpp"
#include "operator/cluster/pods.hpp"
#include "operator/cluster/view.hpp"

namespace cluster {

/// A pod that there should be, as Kubernetes sees it.
struct PodPlace {
  Place place;
  std::string ip;  ///< empty where it has none
  bool is_leaving = false;
  bool is_ready = false;
  bool is_stuck = false;
  bool holds_nothing = false;  ///< no node runs it, and it has no volume
  bool has_tls = false;        ///< its server was started with it
  std::string revision;        ///< of what users chose, when it was made
  std::string trouble;         ///< why it has no address, or is not ready
  bool operator==(PodPlace const&) const = default;
};

/// How many pods each shard has, by its index: as many as its StatefulSet says, be they wanted or
/// not, and where `is_wanted` those of the spec.
std::map<int, int> shard_sizes(crd::ValkeyCluster const& cluster, Children const& children,
                               bool is_wanted);

using Pods = std::map<std::string, Pod>;

/// A pod that an earlier cluster of this name has left is none of ours (H14).
std::vector<PodPlace> places(crd::Names const& names, std::map<int, int> const& sizes,
                             Children const& children, Pods const& pods);

}  // namespace cluster
