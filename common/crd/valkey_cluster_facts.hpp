#pragma once
#include "common/crd/cel.hpp"
#include "common/crd/cluster_rules.hpp"
#include "common/crd/formats.hpp"
#include "common/crd/pod_parts_facts.hpp"

/// What is to be said of a ValkeyCluster's spec.
namespace schema {

template <>
struct Facts<crd::ImageSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "repository",
       .about = "The image without its tag.",
       .format = &crd::formats::image_repository},
      {.name = "tag",
       .about = "The tag, which should name a version: it is pulled again by every new pod. A "
                "digest may follow: 9.1.2@sha256:…",
       .format = &crd::formats::image_tag},
      {.name = "pull_policy", .about = "When a node pulls it."},
      {.name = "pull_secrets",
       .about = "Secrets with the registry's credentials, in the same namespace.",
       .most = 16,
       .list_key = "name"},
      {.name = "allow_downgrade",
       .about = "Take an older version too. Its servers may be unable to read newer data."},
  });
};

template <>
struct Facts<crd::SecretKey> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "name",
       .about = "Name of the Secret, in the same namespace.",
       .format = &crd::formats::dns_subdomain,
       .is_required = true},
      {.name = "key",
       .about = "Its key that holds the password.",
       .format = &crd::formats::secret_key},
  });
};

template <>
struct Facts<crd::AuthSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "password_secret",
       .about = "The password of the user default. Where it is missing, one is made in the Secret "
                "<cluster>-auth under the key password."},
  });
};

template <>
struct Facts<crd::UserSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "name",
       .about = "The name to log in with.",
       .format = &crd::formats::user_name,
       .is_required = true},
      {.name = "password_secrets",
       .about = "Passwords, each of which works: two while one replaces the other.",
       .most = 4},
      {.name = "commands",
       .about = "What it may do: +@read, -@dangerous, +config|get. Without any: nothing.",
       .most = 256,
       .format = &crd::formats::acl_word},
      {.name = "keys",
       .about = "Patterns of the keys that it may use: app:*. Without any: no key.",
       .most = 256,
       .format = &crd::formats::acl_word},
      {.name = "channels",
       .about = "Patterns of the channels that it may use: news:*. Without any: no channel.",
       .most = 256,
       .format = &crd::formats::acl_word},
      {.name = "raw",
       .about = "More rules, word for word as ACL SETUSER takes them, after all others.",
       .most = 256,
       .format = &crd::formats::acl_word},
  });
  static constexpr auto rules = std::to_array<Rule<crd::UserSpec>>({
      {.cel = "self.name != 'default' && !self.name.startsWith('valkey-')",
       .message = "default is set up by spec.auth, and names with valkey- are the operator's",
       .holds = crd::rules::is_not_reserved,
       .field = "name"},
  });
};

template <>
struct Facts<crd::IssuerReference> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "name",
       .about = "The issuer.",
       .format = &crd::formats::dns_subdomain,
       .is_required = true},
      {.name = "kind", .about = "Issuer, ClusterIssuer, or that of another group."},
      {.name = "group",
       .about = "The API group of that kind.",
       .format = &crd::formats::dns_subdomain},
  });
};

template <>
struct Facts<crd::TlsSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "enabled",
       .about = "Whether clients, replication and the cluster bus use TLS, and nothing else."},
      {.name = "issuer_ref", .about = "The cert-manager issuer of the servers' certificate."},
      {.name = "secret_name",
       .about = "A Secret with tls.crt, tls.key and ca.crt, in place of issuerRef. The certificate "
                "has to allow both server and client authentication.",
       .format = &crd::formats::dns_subdomain},
      {.name = "duration",
       .about = "How long a certificate by issuerRef lasts.",
       .format = &crd::formats::duration},
      {.name = "renew_before",
       .about = "How long before its end it is renewed.",
       .format = &crd::formats::duration},
      {.name = "client_auth", .about = "Whether clients may or have to show a certificate."},
  });
  static constexpr auto rules = std::to_array<Rule<crd::TlsSpec>>({
      {.cel = "!has(self.issuerRef) || !has(self.secretName)",
       .message = "issuerRef and secretName can't both be set",
       .holds = crd::rules::names_one_source},
      {.cel = "!self.enabled || has(self.issuerRef) || has(self.secretName)",
       .message = "TLS needs a certificate: set issuerRef or secretName",
       .holds = crd::rules::names_a_source},
      {.cel = "duration(self.renewBefore) < duration(self.duration)",
       .message = "renewBefore has to be less than duration",
       .holds = crd::rules::is_renewed_before_it_ends,
       .field = "renew_before"},
      {.cel = "duration(self.duration) >= duration('1h')",
       .message = "cert-manager issues nothing for less than 1h",
       .holds = crd::rules::lasts_an_hour,
       .field = "duration"},
  });
};

template <>
struct Facts<crd::AofSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "enabled", .about = "Whether writes are appended to a file."},
      {.name = "fsync", .about = "When that reaches the disk."},
  });
};

template <>
struct Facts<crd::RdbSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "enabled", .about = "Whether snapshots are taken."},
      {.name = "save_rules",
       .about = "After how many seconds and changes: \"300 100\".",
       .least = 1,
       .most = 16,
       .format = &crd::formats::save_rule},
  });
};

template <>
struct Facts<crd::PersistenceSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "enabled",
       .about = "Whether each pod has a volume that outlives it. Can't be changed."},
      {.name = "size",
       .about = "The size of each volume. It can grow where the storage class allows that.",
       .format = &crd::formats::quantity},
      {.name = "storage_class_name",
       .about = "The storage class; the default one where it is missing. Can't be changed.",
       .format = &crd::formats::dns_subdomain},
      {.name = "retain", .about = "What becomes of the volumes when the ValkeyCluster is deleted."},
      {.name = "aof", .about = "The append-only file."},
      {.name = "rdb", .about = "Snapshots."},
  });
  static constexpr auto transitions = std::to_array<Transition<crd::PersistenceSpec>>({
      {.cel = "self.enabled == oldSelf.enabled",
       .message = "can't be changed: create another cluster and move the data",
       .is_allowed = crd::rules::stays_as_enabled,
       .field = "enabled"},
      {.cel = "has(self.storageClassName) == has(oldSelf.storageClassName) && "
              "(!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
       .message = "storageClassName can't be changed: create another cluster and move the data",
       .is_allowed = crd::rules::keeps_its_class},
      {.cel = "quantity(string(self.size)).compareTo(quantity(string(oldSelf.size))) >= 0",
       .message = "can't shrink: volumes only grow",
       .is_allowed = crd::rules::does_not_shrink,
       .field = "size"},
  });
};

template <>
struct Facts<crd::SchedulingSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "node_selector",
       .about = "Labels that a node has to have.",
       .most = 64,
       .format = &crd::formats::label_value},
      {.name = "tolerations", .about = "Taints that pods live with.", .most = 64},
      {.name = "affinity", .about = "Which nodes and which pods they go near to, or away from."},
      {.name = "topology_spread_constraints",
       .about = "How pods are spread, in place of what spread says.",
       .most = 16},
      {.name = "priority_class_name",
       .about = "The pods' priority class.",
       .format = &crd::formats::dns_subdomain},
      {.name = "spread",
       .about = "Whether pods of one shard have to be on different nodes, should be, or need not. "
                "Preferred and Required spread shards over zones and nodes as well."},
  });
};

template <>
struct Facts<crd::ServiceSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "type", .about = "The Service's type."},
      {.name = "annotations",
       .about = "Annotations of the Service, such as a load balancer wants.",
       .most = 64,
       .format = &crd::formats::annotation},
  });
};

template <>
struct Facts<crd::ReadServiceSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "enabled", .about = "Whether there is a Service for the replicas alone."},
      {.name = "type", .about = "The Service's type."},
      {.name = "annotations",
       .about = "Annotations of the Service, such as a load balancer wants.",
       .most = 64,
       .format = &crd::formats::annotation},
  });
};

template <>
struct Facts<crd::ServicesSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "client", .about = "The Service <cluster>, which leads to every server."},
      {.name = "read", .about = "The Service <cluster>-read, which leads to replicas."},
  });
};

template <>
struct Facts<crd::ExporterImage> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "repository",
       .about = "The image without its tag.",
       .format = &crd::formats::image_repository},
      {.name = "tag", .about = "The tag.", .format = &crd::formats::image_tag},
      {.name = "pull_policy", .about = "When a node pulls it."},
  });
};

template <>
struct Facts<crd::MetricsSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "enabled",
       .about = "Whether each pod has an exporter for Prometheus, which logs in with a user that "
                "can read no key."},
      {.name = "image", .about = "The exporter, which has to know the options of redis_exporter."},
      {.name = "port", .about = "Its port.", .least = 1024, .most = 65535},
      {.name = "resources", .about = "What it may use."},
  });
  static constexpr auto rules = std::to_array<Rule<crd::MetricsSpec>>({
      {.cel = "self.port != 6379 && self.port != 16379",
       .message = "6379 and 16379 are the server's",
       .holds = crd::rules::leaves_servers_their_ports,
       .field = "port"},
  });
};

template <>
struct Facts<crd::DisruptionSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "pod_disruption_budget",
       .about = "Whether each shard has a PodDisruptionBudget of one pod at a time."},
  });
};

template <>
struct Facts<crd::ValkeyClusterSpec> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "shards",
       .about = "Shards, between which the 16384 slots are shared. With fewer than 3 there is no "
                "majority that could fail over without the operator.",
       .least = 1,
       .most = 250},
      {.name = "replicas_per_shard",
       .about = "Replicas of each shard's primary. With 0, a lost pod is lost data or an outage.",
       .least = 0,
       .most = 5},
      {.name = "image", .about = "Which Valkey to run."},
      {.name = "config",
       .about = "Directives of valkey.conf and their values, such as maxmemory-policy: "
                "allkeys-lru. What can change while servers run does so without a restart.",
       .most = 256,
       .format = &crd::formats::one_line},
      {.name = "auth", .about = "The password of the user default."},
      {.name = "users", .about = "More users.", .most = 64, .list_key = "name"},
      {.name = "tls", .about = "Encryption of all traffic."},
      {.name = "persistence", .about = "Where data is kept, and when it is written."},
      {.name = "resources",
       .about = "What each server may use. With a memory limit, maxmemory is derived from it "
                "unless config sets it."},
      {.name = "scheduling", .about = "Where pods run."},
      {.name = "pod_labels",
       .about = "More labels of the pods.",
       .most = 64,
       .format = &crd::formats::label_value},
      {.name = "pod_annotations",
       .about = "More annotations of the pods.",
       .most = 64,
       .format = &crd::formats::annotation},
      {.name = "services", .about = "Where clients connect to."},
      {.name = "metrics", .about = "An exporter for Prometheus in each pod."},
      {.name = "disruption", .about = "What may be interrupted on purpose."},
      {.name = "plan_policy",
       .about = "With Approve, nothing that moves data or restarts a pod happens until the "
                "annotation valkey-operator.dev/approved-plan names status.plan.id."},
      {.name = "paused", .about = "Observe and report, and change nothing."},
  });
  static constexpr auto rules = std::to_array<Rule<crd::ValkeyClusterSpec>>({
      {.cel = "self.shards * (1 + self.replicasPerShard) <= 500",
       .message = "a cluster can't have more than 500 pods: shards * (1 + replicasPerShard)",
       .holds = crd::rules::is_not_too_large},
      {.cel = crd::cel::leaves_directives,
       .message = "some of these directives are set by the operator",
       .holds = crd::rules::leaves_directives_to_us,
       .field = "config",
       .message_cel = crd::cel::told_directives,
       .explained = crd::rules::told_owned_directives},
      {.cel = "!has(self.config) || self.config.all(name, name.matches('^[-a-z0-9_.]+$'))",
       .message = "directives are words of lower-case letters, digits and -",
       .holds = crd::rules::has_directives_in_lower_case,
       .field = "config"},
      {.cel = crd::cel::leaves_pod_labels,
       .message = "labels in valkey-operator.dev/ and app.kubernetes.io/{name,instance,component,"
                  "managed-by} are the operator's",
       .holds = crd::rules::leaves_pod_labels_to_us,
       .field = "pod_labels"},
      {.cel = crd::cel::leaves_pod_annotations,
       .message = "annotations in valkey-operator.dev/ and app.kubernetes.io/{name,instance,"
                  "component,managed-by} are the operator's",
       .holds = crd::rules::leaves_pod_annotations_to_us,
       .field = "pod_annotations"},
  });
};

}  // namespace schema
