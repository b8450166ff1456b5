#pragma once
#include "common/crd/status_parts_facts.hpp"
#include "common/crd/valkey_cluster.hpp"

/// What is to be said of a ValkeyCluster's status.
namespace schema {

template <>
struct Facts<crd::PrimaryStatus> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "pod", .about = "The pod.", .is_required = true},
      {.name = "node_id",
       .about = "The id that its server has in the cluster.",
       .is_required = true},
  });
};

template <>
struct Facts<crd::ReplicaStatus> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "pod", .about = "The pod.", .is_required = true},
      {.name = "node_id",
       .about = "The id that its server has in the cluster.",
       .is_required = true},
      {.name = "lag_bytes", .about = "How many bytes it was behind when it was last looked at."},
      {.name = "link", .about = "Whether it replicates from its primary.", .is_required = true},
  });
};

template <>
struct Facts<crd::ShardStatus> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "name", .about = "The shard, as its StatefulSet is named.", .is_required = true},
      {.name = "slots", .about = "The slots that it serves: \"0-5460\"."},
      {.name = "primary", .about = "Where its writes go."},
      {.name = "replicas", .about = "Where they are copied to.", .list_key = "pod"},
  });
};

template <>
struct Facts<crd::PlanStatus> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "id", .about = "To be named in an approval.", .is_required = true},
      {.name = "summary", .about = "What it comes to."},
      {.name = "steps", .about = "What would be done, in this order."},
      {.name = "risks", .about = "What may go wrong meanwhile."},
  });
};

template <>
struct Facts<crd::OperationStatus> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "kind", .about = "What is being done.", .is_required = true},
      {.name = "id", .about = "Of this time that it is done."},
      {.name = "started_at", .about = "When it began (RFC 3339)."},
      {.name = "step", .about = "What it is at."},
      {.name = "progress", .about = "How far it is."},
  });
};

template <>
struct Facts<crd::HistoryEntry> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "time", .about = "When it ended (RFC 3339).", .is_required = true},
      {.name = "what", .about = "What was done, and how that ended.", .is_required = true},
  });
};

template <>
struct Facts<crd::ValkeyClusterStatus> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "phase", .about = "How the cluster is, in one word."},
      {.name = "message", .about = "What happens now, or what it waits for."},
      {.name = "observed_generation", .about = "The metadata.generation that this is about."},
      {.name = "conditions", .about = "What holds, each with its reason.", .list_key = "type"},
      {.name = "shards", .about = "Each shard as its servers see it.", .list_key = "name"},
      {.name = "ready_shards", .about = "Shards that serve with all their replicas: \"3/3\"."},
      {.name = "slots", .about = "Slots that are served: \"16384/16384\"."},
      {.name = "version", .about = "The version that the servers say they are."},
      {.name = "endpoint", .about = "Where clients connect to: \"cache.demo.svc:6379\"."},
      {.name = "plan", .about = "What would be done next, where that wants approval."},
      {.name = "operation", .about = "What is being done."},
      {.name = "history", .about = "What was done last.", .most = 10},
      {.name = "replicas", .about = "Shards, for the scale subresource."},
      {.name = "selector", .about = "Which pods are this cluster's, for the scale subresource."},
  });
};

}  // namespace schema
