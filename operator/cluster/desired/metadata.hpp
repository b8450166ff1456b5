#pragma once
#include "common/crd/names.hpp"
#include "common/json/json.hpp"

/// What all objects of a cluster have in common.
namespace cluster::desired {

/// The labels by which a cluster's pods are selected; they never change.
json::object cluster_selector(crd::Names const& names);
json::object shard_selector(crd::Names const& names, int shard);

/// Those, and what else our objects are marked with.
json::object cluster_labels(crd::Names const& names);
json::object shard_labels(crd::Names const& names, int shard);

/// Kind, name, labels, and the cluster as owner, with which the object goes.
json::object owned(kube::Resource const& kind, crd::ValkeyCluster const& cluster,
                   std::string const& name, json::object labels,
                   std::map<std::string, std::string> const& annotations = {});

}  // namespace cluster::desired
