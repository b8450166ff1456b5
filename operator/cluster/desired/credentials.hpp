#pragma once
#include "common/crd/valkey_cluster.hpp"
#include "common/secret.hpp"

namespace cluster {

/// Who logs in to a cluster's servers beside its users, each with no more rights than it needs.
namespace users {
inline constexpr std::string_view operator_ = "valkey-operator";
inline constexpr std::string_view replication = "valkey-replication";
inline constexpr std::string_view probe = "valkey-probe";
inline constexpr std::string_view exporter = "valkey-exporter";
}  // namespace users

/// The passwords of these.
struct Credentials {
  Secret operator_;
  Secret replication;
  Secret probe;
  Secret exporter;
  bool operator==(Credentials const&) const = default;
};

/// The hashes of the passwords that users log in with: SHA-256 in hexadecimal, as ACL rules take
/// them.
struct PasswordHashes {
  std::string default_user;
  std::map<std::string, std::vector<std::string>> users;  ///< by name
};

namespace desired {

/// A file that ACL LOAD takes. Its last user can't log in: its name tells which version of the file
/// a server has.
std::string users_acl(crd::ValkeyClusterSpec const& spec, Credentials const& credentials,
                      PasswordHashes const& hashes);

/// The name of that user.
std::string acl_marker(std::string_view users_acl);

/// What of it a server has to know in clear text, to log in to others.
std::string replication_conf(Credentials const& credentials);

}  // namespace desired
}  // namespace cluster
