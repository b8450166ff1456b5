#pragma once
#include "common/crd/valkey_cluster.hpp"

/// What servers are told by their configuration.
namespace cluster::desired {

struct Directive {
  std::string name;
  std::string value;
  bool operator==(Directive const&) const = default;
};

/// Where a pod's files are.
namespace folders {
inline constexpr std::string_view config = "/etc/valkey/config";
inline constexpr std::string_view credentials = "/etc/valkey/credentials";
inline constexpr std::string_view tls = "/etc/valkey/tls";
inline constexpr std::string_view data = "/data";
}  // namespace folders

inline std::string in_folder(std::string_view folder, std::string_view file) {
  return std::string{folder} + "/" + std::string{file};
}

/// What a server can be told while it runs, by CONFIG SET: all that users choose, and what follows
/// from the rest of the spec. Some of it may be fixed at start in some version: the server says so.
std::vector<Directive> live_directives(crd::ValkeyClusterSpec const& spec);

/// What all servers take, whatever their version and their pod.
std::string valkey_conf(crd::ValkeyClusterSpec const& spec);
/// The start script includes what fits the pod: one that was made before TLS was turned on or off
/// goes on as it was, also where its server is started again.
std::string valkey_conf_without_tls();
std::string valkey_conf_with_tls();
/// And for the versions that know them, these.
std::string valkey_conf_since_9_0(crd::ValkeyClusterSpec const& spec);
std::string valkey_conf_since_9_1(crd::ValkeyClusterSpec const& spec);

}  // namespace cluster::desired
