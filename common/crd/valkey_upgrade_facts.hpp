#pragma once
#include "common/crd/formats.hpp"
#include "common/crd/status_parts_facts.hpp"
#include "common/crd/valkey_upgrade.hpp"

namespace schema {

template <>
struct Facts<crd::ClusterReference> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "name",
       .about = "Name of the ValkeyCluster, in the same namespace.",
       .format = &crd::formats::dns_label,
       .is_required = true},
  });
};

template <>
struct Facts<crd::UpgradeImage> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "repository",
       .about = "The image without its tag; the cluster's own where it is missing.",
       .format = &crd::formats::image_repository},
      {.name = "tag",
       .about = "The tag to run, such as 9.1.2.",
       .format = &crd::formats::image_tag,
       .is_required = true},
  });
};

template <>
struct Facts<crd::ValkeyUpgradeSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "cluster_ref", .about = "The cluster to upgrade.", .is_required = true},
      {.name = "image", .about = "What it is to run.", .is_required = true},
      {.name = "canary",
       .about = "Upgrade one replica first, and go on only when it is in sync and healthy."},
      {.name = "pod_ready_timeout",
       .about = "How long a pod may take to become Ready without any progress, such as 10m.",
       .format = &crd::formats::duration},
      {.name = "replication_sync_timeout",
       .about = "How long a replica may take to be in sync without any progress, such as 1h.",
       .format = &crd::formats::duration},
      {.name = "auto_rollback", .about = "Go back to the former image when the upgrade fails."},
      {.name = "allow_downgrade",
       .about = "Take an older version too. Its servers may be unable to read newer data."},
  });
  static constexpr auto transitions = std::to_array<Transition<crd::ValkeyUpgradeSpec>>({
      {.cel = "self.clusterRef == oldSelf.clusterRef && self.image == oldSelf.image",
       .message = "an upgrade's cluster and image can't be changed: delete it and create another",
       .is_allowed =
           [](crd::ValkeyUpgradeSpec const& before, crd::ValkeyUpgradeSpec const& after) {
             return before.cluster_ref == after.cluster_ref && before.image == after.image;
           }},
  });
};

template <>
struct Facts<crd::ShardUpgradeStatus> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "name", .about = "The shard.", .is_required = true},
      {.name = "phase", .about = "How far it is.", .is_required = true},
  });
};

template <>
struct Facts<crd::ValkeyUpgradeStatus> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "phase", .about = "How far the upgrade is."},
      {.name = "message", .about = "What happens now, or why it does not."},
      {.name = "observed_generation", .about = "The metadata.generation that this is about."},
      {.name = "conditions", .about = "What holds, each with its reason.", .list_key = "type"},
      {.name = "shards", .about = "Each shard's part of it.", .list_key = "name"},
      {.name = "progress", .about = "Pods upgraded, of all: \"4/6\"."},
      {.name = "from_version", .about = "The version that the servers ran before."},
      {.name = "to_version", .about = "The version that upgraded servers say they are."},
      {.name = "started_at", .about = "When it began (RFC 3339)."},
      {.name = "completed_at", .about = "When it ended (RFC 3339)."},
  });
};

}  // namespace schema
