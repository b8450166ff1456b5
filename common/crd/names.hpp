#pragma once
#include "common/crd/formats.hpp"
#include "common/crd/valkey_cluster.hpp"

/// What the objects of a cluster are called. A cluster's own name is short enough for the longest
/// of them, a label of 63 characters with a revision of its StatefulSet in it.
namespace crd {

extern schema::Format const cluster_name;

inline constexpr std::uint16_t client_port = 6379;
inline constexpr std::uint16_t bus_port = 16379;

/// What follows from a cluster's name and namespace.
class Names {
 public:
  explicit Names(kube::Metadata const& cluster)
      : cluster_{cluster.name}, namespace_{cluster.namespace_} {}

  std::string const& cluster() const { return cluster_; }
  std::string const& namespace_name() const { return namespace_; }

  std::string client_service() const { return cluster_; }
  std::string read_service() const { return cluster_ + "-read"; }
  std::string headless_service() const { return cluster_ + "-nodes"; }
  std::string config_map() const { return cluster_ + "-config"; }
  std::string password_secret() const { return cluster_ + "-auth"; }
  std::string credentials_secret() const { return cluster_ + "-credentials"; }
  std::string certificate() const { return cluster_ + "-tls"; }  ///< and the Secret that it is in
  std::string network_policy() const { return cluster_ + "-bus"; }

  /// Of its StatefulSet and PodDisruptionBudget, too.
  std::string shard(int index) const { return cluster_ + "-" + std::to_string(index); }
  std::string pod(int shard_index, int ordinal) const {
    return shard(shard_index) + "-" + std::to_string(ordinal);
  }

  /// Of the volume of a pod.
  static std::string claim(std::string_view pod) { return "data-" + std::string{pod}; }

  /// "cache-0-1.cache-nodes.demo.svc": how pods, and clients in the cluster, find a pod.
  std::string host(std::string_view pod) const {
    return std::string{pod} + "." + headless_service() + "." + namespace_ + ".svc";
  }
  /// "cache.demo.svc:6379"
  std::string endpoint() const {
    return client_service() + "." + namespace_ + ".svc:" + std::to_string(client_port);
  }

 private:
  std::string cluster_;
  std::string namespace_;
};

}  // namespace crd
