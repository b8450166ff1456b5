#pragma once
#include "common/crd/pod_parts.hpp"
#include "common/crd/status_parts.hpp"
#include "common/kube/object.hpp"

/// A Valkey cluster as its users want it, and as it is. What each field means is said in
/// valkey_cluster_facts.hpp, for us as for `kubectl explain`.
namespace crd {

inline constexpr kube::Resource valkey_cluster{"valkey-operator.dev", "v1alpha1", "valkeyclusters",
                                               "ValkeyCluster", kube::Scope::Namespaced};

enum class PullPolicy { Always, IfNotPresent, Never };
BOOST_DESCRIBE_ENUM(PullPolicy, Always, IfNotPresent, Never)

struct ImageSpec {
  std::string repository = "docker.io/valkey/valkey";
  std::string tag = "9.1.2";
  PullPolicy pull_policy = PullPolicy::IfNotPresent;
  std::vector<LocalObjectReference> pull_secrets;
  bool allow_downgrade = false;
  bool operator==(ImageSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ImageSpec, (), (repository, tag, pull_policy, pull_secrets, allow_downgrade))

struct SecretKey {
  std::string name;
  std::string key = "password";
  bool operator==(SecretKey const&) const = default;
};
BOOST_DESCRIBE_STRUCT(SecretKey, (), (name, key))

struct AuthSpec {
  std::optional<SecretKey> password_secret;  ///< made by us where there is none
  bool operator==(AuthSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(AuthSpec, (), (password_secret))

struct UserSpec {
  std::string name;
  std::vector<SecretKey> password_secrets;
  std::vector<std::string> commands;
  std::vector<std::string> keys;
  std::vector<std::string> channels;
  std::vector<std::string> raw;
  bool operator==(UserSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(UserSpec, (), (name, password_secrets, commands, keys, channels, raw))

enum class ClientCertificates { None, Optional, Required };
BOOST_DESCRIBE_ENUM(ClientCertificates, None, Optional, Required)

struct IssuerReference {
  std::string name;
  std::string kind = "Issuer";
  std::string group = "cert-manager.io";
  bool operator==(IssuerReference const&) const = default;
};
BOOST_DESCRIBE_STRUCT(IssuerReference, (), (name, kind, group))

struct TlsSpec {
  bool enabled = false;
  std::optional<IssuerReference> issuer_ref;
  std::optional<std::string> secret_name;
  std::string duration = "2160h";
  std::string renew_before = "720h";
  ClientCertificates client_auth = ClientCertificates::Optional;
  bool operator==(TlsSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(TlsSpec, (),
                      (enabled, issuer_ref, secret_name, duration, renew_before, client_auth))

enum class Retain { Retain, Delete };
BOOST_DESCRIBE_ENUM(Retain, Retain, Delete)

enum class Fsync { Always, Everysec, No };
BOOST_DESCRIBE_ENUM(Fsync, Always, Everysec, No)

struct AofSpec {
  bool enabled = true;
  Fsync fsync = Fsync::Everysec;
  bool operator==(AofSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(AofSpec, (), (enabled, fsync))

struct RdbSpec {
  bool enabled = true;
  std::vector<std::string> save_rules = {"3600 1", "300 100", "60 10000"};
  bool operator==(RdbSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(RdbSpec, (), (enabled, save_rules))

struct PersistenceSpec {
  bool enabled = true;
  kube::IntOrString size{"10Gi"};
  std::optional<std::string> storage_class_name;
  Retain retain = Retain::Retain;
  AofSpec aof;
  RdbSpec rdb;
  bool operator==(PersistenceSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(PersistenceSpec, (), (enabled, size, storage_class_name, retain, aof, rdb))

enum class Spread { None, Preferred, Required };
BOOST_DESCRIBE_ENUM(Spread, None, Preferred, Required)

struct SchedulingSpec {
  std::map<std::string, std::string> node_selector;
  std::vector<Toleration> tolerations;
  std::optional<Affinity> affinity;
  std::vector<TopologySpreadConstraint> topology_spread_constraints;
  std::optional<std::string> priority_class_name;
  Spread spread = Spread::Preferred;
  bool operator==(SchedulingSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(SchedulingSpec, (),
                      (node_selector, tolerations, affinity, topology_spread_constraints,
                       priority_class_name, spread))

enum class ServiceType { ClusterIP, NodePort, LoadBalancer };
BOOST_DESCRIBE_ENUM(ServiceType, ClusterIP, NodePort, LoadBalancer)

struct ServiceSpec {
  ServiceType type = ServiceType::ClusterIP;
  std::map<std::string, std::string> annotations;
  bool operator==(ServiceSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ServiceSpec, (), (type, annotations))

struct ReadServiceSpec {
  bool enabled = false;
  ServiceType type = ServiceType::ClusterIP;
  std::map<std::string, std::string> annotations;
  bool operator==(ReadServiceSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReadServiceSpec, (), (enabled, type, annotations))

struct ServicesSpec {
  ServiceSpec client;
  ReadServiceSpec read;
  bool operator==(ServicesSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ServicesSpec, (), (client, read))

struct ExporterImage {
  std::string repository = "docker.io/oliver006/redis_exporter";
  std::string tag = "v1.80.0";
  PullPolicy pull_policy = PullPolicy::IfNotPresent;
  bool operator==(ExporterImage const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ExporterImage, (), (repository, tag, pull_policy))

struct MetricsSpec {
  bool enabled = false;
  ExporterImage image;
  std::int32_t port = 9121;
  Resources resources{.requests = {{"cpu", {"10m"}}, {"memory", {"32Mi"}}},
                      .limits = {{"memory", {"64Mi"}}}};
  bool operator==(MetricsSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(MetricsSpec, (), (enabled, image, port, resources))

struct DisruptionSpec {
  bool pod_disruption_budget = true;
  bool operator==(DisruptionSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(DisruptionSpec, (), (pod_disruption_budget))

enum class PlanPolicy { Auto, Approve };
BOOST_DESCRIBE_ENUM(PlanPolicy, Auto, Approve)

struct ValkeyClusterSpec {
  std::int32_t shards = 3;
  std::int32_t replicas_per_shard = 1;
  ImageSpec image;
  std::map<std::string, kube::IntOrString> config;
  AuthSpec auth;
  std::vector<UserSpec> users;
  TlsSpec tls;
  PersistenceSpec persistence;
  Resources resources{.requests = {{"cpu", {"100m"}}, {"memory", {"256Mi"}}}, .limits = {}};
  SchedulingSpec scheduling;
  std::map<std::string, std::string> pod_labels;
  std::map<std::string, std::string> pod_annotations;
  ServicesSpec services;
  MetricsSpec metrics;
  DisruptionSpec disruption;
  PlanPolicy plan_policy = PlanPolicy::Auto;
  bool paused = false;
  bool operator==(ValkeyClusterSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ValkeyClusterSpec, (),
                      (shards, replicas_per_shard, image, config, auth, users, tls, persistence,
                       resources, scheduling, pod_labels, pod_annotations, services, metrics,
                       disruption, plan_policy, paused))

enum class ClusterPhase {
  Pending,
  Creating,
  Running,
  Updating,
  Degraded,
  Paused,
  Failed,
  Deleting
};
BOOST_DESCRIBE_ENUM(ClusterPhase, Pending, Creating, Running, Updating, Degraded, Paused, Failed,
                    Deleting)

struct PrimaryStatus {
  std::string pod;
  std::string node_id;
  bool operator==(PrimaryStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(PrimaryStatus, (), (pod, node_id))

enum class ReplicationLink { Up, Down };
BOOST_DESCRIBE_ENUM(ReplicationLink, Up, Down)

struct ReplicaStatus {
  std::string pod;
  std::string node_id;
  std::optional<std::int64_t> lag_bytes;
  ReplicationLink link = ReplicationLink::Down;
  bool operator==(ReplicaStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReplicaStatus, (), (pod, node_id, lag_bytes, link))

struct ShardStatus {
  std::string name;
  std::string slots;
  std::optional<PrimaryStatus> primary;
  std::vector<ReplicaStatus> replicas;
  bool operator==(ShardStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ShardStatus, (), (name, slots, primary, replicas))

struct PlanStatus {
  std::string id;
  std::string summary;
  std::vector<std::string> steps;
  std::vector<std::string> risks;
  bool operator==(PlanStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(PlanStatus, (), (id, summary, steps, risks))

/// What lets whoever leads next go on in the middle: what can't be observed.
struct OperationStatus {
  std::string kind;
  std::string id;
  std::string started_at;
  std::string step;
  std::string progress;
  bool operator==(OperationStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(OperationStatus, (), (kind, id, started_at, step, progress))

struct HistoryEntry {
  std::string time;
  std::string what;
  bool operator==(HistoryEntry const&) const = default;
};
BOOST_DESCRIBE_STRUCT(HistoryEntry, (), (time, what))

struct ValkeyClusterStatus {
  std::optional<ClusterPhase> phase;
  std::string message;
  std::int64_t observed_generation = 0;
  std::vector<Condition> conditions;
  std::vector<ShardStatus> shards;
  std::string ready_shards;
  std::string slots;
  std::string version;
  std::string endpoint;
  std::optional<PlanStatus> plan;
  std::optional<OperationStatus> operation;
  std::vector<HistoryEntry> history;
  std::int32_t replicas = 0;
  std::string selector;
  bool operator==(ValkeyClusterStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ValkeyClusterStatus, (),
                      (phase, message, observed_generation, conditions, shards, ready_shards, slots,
                       version, endpoint, plan, operation, history, replicas, selector))

struct ValkeyCluster {
  kube::Metadata metadata;
  ValkeyClusterSpec spec;
  ValkeyClusterStatus status;
  bool operator==(ValkeyCluster const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ValkeyCluster, (), (metadata, spec, status))

}  // namespace crd

/// In the words of valkey.conf.
template <>
struct mapping::Keys<crd::Fsync> : mapping::LowerCase {};
