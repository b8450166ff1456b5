#pragma once
#include <array>
#include <string_view>

namespace crd {

/// A directive of valkey.conf that spec.config can't have.
struct OwnedDirective {
  std::string_view name;
  std::string_view instead;  ///< what to do, or why not
};

/// All that we set ourselves, or that would take from us what we work with.
inline constexpr auto owned_directives = std::to_array<OwnedDirective>({
    {"aclfile", "users are in spec.users"},
    {"always-show-logo", "servers log for programs"},
    {"appenddirname", "the start-up guard has to find the data"},
    {"appendfilename", "the start-up guard has to find the data"},
    {"appendfsync", "set spec.persistence.aof.fsync"},
    {"appendonly", "set spec.persistence.aof.enabled"},
    {"bind", "servers listen on their pod's address"},
    {"cluster-allow-replica-migration", "replicas stay in their shard"},
    {"cluster-announce-bus-port", "servers announce their pod"},
    {"cluster-announce-client-ipv4", "servers announce their pod"},
    {"cluster-announce-client-ipv6", "servers announce their pod"},
    {"cluster-announce-client-port", "servers announce their pod"},
    {"cluster-announce-client-tls-port", "servers announce their pod"},
    {"cluster-announce-hostname", "servers announce their pod"},
    {"cluster-announce-human-nodename", "servers announce their pod"},
    {"cluster-announce-ip", "servers announce their pod"},
    {"cluster-announce-port", "servers announce their pod"},
    {"cluster-announce-tls-port", "servers announce their pod"},
    {"cluster-config-file", "the start-up guard has to find it"},
    {"cluster-enabled", "this is a cluster"},
    {"cluster-port", "the bus is on port 16379"},
    {"cluster-replica-no-failover", "every replica has to be able to take over"},
    {"cluster-slave-no-failover", "every replica has to be able to take over"},
    {"daemonize", "the server is its container's process"},
    {"dbfilename", "the start-up guard has to find the data"},
    {"dir", "the data is on the pod's volume"},
    {"include", "all of the configuration is in spec.config"},
    {"loadmodule", "a module is loaded by the image that has it"},
    {"logfile", "logs go to the container's output"},
    {"masterauth", "replication has a user of its own"},
    {"masteruser", "replication has a user of its own"},
    {"pidfile", "the server is its container's process"},
    {"port", "clients connect to port 6379"},
    {"primaryauth", "replication has a user of its own"},
    {"primaryuser", "replication has a user of its own"},
    {"protected-mode", "clients have to authenticate"},
    {"rename-command", "commands are given and taken in spec.users"},
    {"replicaof", "set spec.replicasPerShard"},
    {"requirepass", "set spec.auth.passwordSecret"},
    {"save", "set spec.persistence.rdb"},
    {"shutdown-on-sigint", "a primary hands over before it ends"},
    {"shutdown-on-sigterm", "a primary hands over before it ends"},
    {"slaveof", "set spec.replicasPerShard"},
    {"supervised", "the server is its container's process"},
    {"tls-auth-clients", "set spec.tls.clientAuth"},
    {"tls-ca-cert-dir", "set spec.tls"},
    {"tls-ca-cert-file", "set spec.tls"},
    {"tls-cert-file", "set spec.tls"},
    {"tls-client-cert-file", "set spec.tls"},
    {"tls-client-key-file", "set spec.tls"},
    {"tls-cluster", "set spec.tls.enabled"},
    {"tls-key-file", "set spec.tls"},
    {"tls-port", "set spec.tls.enabled"},
    {"tls-replication", "set spec.tls.enabled"},
    {"unixsocket", "clients connect to port 6379"},
    {"user", "users are in spec.users"},
});

/// Null where spec.config may have it.
constexpr OwnedDirective const* owned(std::string_view directive) {
  for (auto const& candidate : owned_directives)
    if (candidate.name == directive) return &candidate;
  return nullptr;
}

}  // namespace crd
