#pragma once
#include "common/kube/object.hpp"

#include <boost/describe/class.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// The objects of crd.yaml.
namespace bench {

using Texts = std::map<std::string, std::string>;

struct Image {
  std::string repository;
  std::string tag;
  std::string pull_policy;
};
BOOST_DESCRIBE_STRUCT(Image, (), (repository, tag, pull_policy))

struct SecretKey {
  std::string name;
  std::string key;
};
BOOST_DESCRIBE_STRUCT(SecretKey, (), (name, key))

struct Auth {
  SecretKey password_secret;
};
BOOST_DESCRIBE_STRUCT(Auth, (), (password_secret))

struct Persistence {
  bool enabled = false;
  std::string size;
  std::string storage_class_name;
};
BOOST_DESCRIBE_STRUCT(Persistence, (), (enabled, size, storage_class_name))

struct Resources {
  Texts requests;
  Texts limits;
};
BOOST_DESCRIBE_STRUCT(Resources, (), (requests, limits))

struct Spec {
  std::int32_t shards = 0;
  std::int32_t replicas_per_shard = 0;
  Image image;
  Texts config;
  Auth auth;
  Persistence persistence;
  Resources resources;
  Texts pod_labels;
  std::string plan_policy;
  bool paused = false;
};
BOOST_DESCRIBE_STRUCT(Spec, (),
                      (shards, replicas_per_shard, image, config, auth, persistence, resources,
                       pod_labels, plan_policy, paused))

struct Condition {
  std::string type;
  std::string status;
  std::int64_t observed_generation = 0;
  std::string last_transition_time;
  std::string reason;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(Condition, (),
                      (type, status, observed_generation, last_transition_time, reason, message))

struct Node {
  std::string pod;
  std::string node_id;
};
BOOST_DESCRIBE_STRUCT(Node, (), (pod, node_id))

struct Shard {
  std::string name;
  std::string slots;
  Node primary;
  std::vector<Node> replicas;
};
BOOST_DESCRIBE_STRUCT(Shard, (), (name, slots, primary, replicas))

struct Status {
  std::string phase;
  std::int64_t observed_generation = 0;
  std::vector<Condition> conditions;
  std::vector<Shard> shards;
  std::string ready_shards;
  std::string slots;
  std::string version;
  std::string endpoint;
};
BOOST_DESCRIBE_STRUCT(Status, (),
                      (phase, observed_generation, conditions, shards, ready_shards, slots, version,
                       endpoint))

struct ValkeyCluster {
  kube::Metadata metadata;
  Spec spec;
  Status status;
};
BOOST_DESCRIBE_STRUCT(ValkeyCluster, (), (metadata, spec, status))

inline constexpr kube::Resource valkey_cluster{"bench.valkey-operator.dev", "v1alpha1",
                                               "valkeyclusters", "ValkeyCluster",
                                               kube::Scope::Namespaced};

}  // namespace bench
