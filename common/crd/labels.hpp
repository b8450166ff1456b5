#pragma once
#include <string_view>

/// What our objects are marked with, and found by.
namespace crd::labels {

inline constexpr std::string_view domain = "valkey-operator.dev/";

inline constexpr std::string_view cluster = "valkey-operator.dev/cluster";
inline constexpr std::string_view shard = "valkey-operator.dev/shard";

/// Of a pod whose server is a replica; only while there is a Service for these.
inline constexpr std::string_view role = "valkey-operator.dev/role";
inline constexpr std::string_view replica = "replica";

/// An annotation of each object that we make: a digest of what was asked for.
inline constexpr std::string_view applied = "valkey-operator.dev/applied";
/// An annotation of a cluster, with its name: it may be deleted although its data goes with it.
inline constexpr std::string_view confirmed_deletion = "valkey-operator.dev/confirm-deletion";

inline constexpr std::string_view name = "app.kubernetes.io/name";
inline constexpr std::string_view instance = "app.kubernetes.io/instance";
inline constexpr std::string_view component = "app.kubernetes.io/component";
inline constexpr std::string_view managed_by = "app.kubernetes.io/managed-by";

/// Whether a key is ours to set on pods.
constexpr bool is_ours(std::string_view key) {
  return key.starts_with(domain) || key == name || key == instance || key == component ||
         key == managed_by;
}

}  // namespace crd::labels
