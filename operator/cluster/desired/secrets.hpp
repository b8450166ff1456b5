#pragma once
#include "operator/cluster/desired/credentials.hpp"

namespace cluster::desired {

/// The keys of the credentials Secret. The operator's own password is not in the pods.
namespace keys {
inline constexpr std::string_view operator_password = "operator-password";
inline constexpr std::string_view replication_password = "replication-password";
inline constexpr std::string_view probe_password = "probe-password";
inline constexpr std::string_view exporter_password = "exporter-password";
inline constexpr std::string_view users_acl = "users.acl";
inline constexpr std::string_view replication_conf = "replication.conf";
}  // namespace keys

/// The password of the user default, where users name none of their own.
json::object password_secret(crd::ValkeyCluster const& cluster, Secret const& password);

/// Who else logs in, and what servers have to know of it.
json::object credentials_secret(crd::ValkeyCluster const& cluster, Credentials const& credentials,
                                std::string const& users_acl);

}  // namespace cluster::desired
