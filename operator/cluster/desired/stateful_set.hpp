#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/json/json.hpp"

namespace cluster::desired {

/// One shard: its primary and replicas, in no order. A change of it restarts nothing: pods are
/// replaced only when they are deleted.
json::object stateful_set(crd::ValkeyCluster const& cluster, int shard);

/// Of the containers in a shard's pods.
inline constexpr std::string_view server_container = "valkey";
inline constexpr std::string_view exporter_container = "exporter";

/// Marks pods with pod_revision().
inline constexpr std::string_view revision_annotation = "valkey-operator.dev/revision";

/// Tells of a pod whether its server was started with TLS: "true".
inline constexpr std::string_view tls_annotation = "valkey-operator.dev/tls";

/// Of what users chose and pods have only from their start. A pod with another one is out of date,
/// whereas what a new release of ours does otherwise can wait until a pod is replaced anyway.
std::string pod_revision(crd::ValkeyClusterSpec const& spec);

}  // namespace cluster::desired
