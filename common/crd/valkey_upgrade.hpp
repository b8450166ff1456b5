#pragma once
#include "common/crd/status_parts.hpp"
#include "common/kube/object.hpp"

/// One upgrade of one Valkey cluster: as wanted, and how far it is.
namespace crd {

inline constexpr kube::Resource valkey_upgrade{"valkey-operator.dev", "v1alpha1", "valkeyupgrades",
                                               "ValkeyUpgrade", kube::Scope::Namespaced};

struct ClusterReference {
  std::string name;
  bool operator==(ClusterReference const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ClusterReference, (), (name))

struct UpgradeImage {
  std::optional<std::string> repository;
  std::string tag;
  bool operator==(UpgradeImage const&) const = default;
};
BOOST_DESCRIBE_STRUCT(UpgradeImage, (), (repository, tag))

struct ValkeyUpgradeSpec {
  ClusterReference cluster_ref;
  UpgradeImage image;
  bool canary = true;
  std::string pod_ready_timeout = "10m";
  std::string replication_sync_timeout = "1h";
  bool auto_rollback = true;
  bool allow_downgrade = false;
  bool operator==(ValkeyUpgradeSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ValkeyUpgradeSpec, (),
                      (cluster_ref, image, canary, pod_ready_timeout, replication_sync_timeout,
                       auto_rollback, allow_downgrade))

enum class UpgradePhase {
  Pending,
  PreChecks,
  InProgress,
  Completed,
  RollingBack,
  RolledBack,
  Failed
};
BOOST_DESCRIBE_ENUM(UpgradePhase, Pending, PreChecks, InProgress, Completed, RollingBack,
                    RolledBack, Failed)

enum class ShardUpgradePhase {
  Pending,
  UpgradingReplicas,
  WaitingForSync,
  FailingOver,
  WaitingForClusterStable,
  UpgradingOldPrimary,
  Completed
};
BOOST_DESCRIBE_ENUM(ShardUpgradePhase, Pending, UpgradingReplicas, WaitingForSync, FailingOver,
                    WaitingForClusterStable, UpgradingOldPrimary, Completed)

struct ShardUpgradeStatus {
  std::string name;
  ShardUpgradePhase phase = ShardUpgradePhase::Pending;
  bool operator==(ShardUpgradeStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ShardUpgradeStatus, (), (name, phase))

struct ValkeyUpgradeStatus {
  std::optional<UpgradePhase> phase;
  std::string message;
  std::int64_t observed_generation = 0;
  std::vector<Condition> conditions;
  std::vector<ShardUpgradeStatus> shards;
  std::string progress;
  std::string from_version;
  std::string to_version;
  std::optional<std::string> started_at;
  std::optional<std::string> completed_at;
  bool operator==(ValkeyUpgradeStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ValkeyUpgradeStatus, (),
                      (phase, message, observed_generation, conditions, shards, progress,
                       from_version, to_version, started_at, completed_at))

struct ValkeyUpgrade {
  kube::Metadata metadata;
  ValkeyUpgradeSpec spec;
  ValkeyUpgradeStatus status;
  bool operator==(ValkeyUpgrade const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ValkeyUpgrade, (), (metadata, spec, status))

}  // namespace crd
