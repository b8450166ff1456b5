#pragma once
#include "common/net/tls.hpp"
#include "common/secret.hpp"

#include <memory>
#include <string>

namespace valkey {

/// Of a user in the servers' ACL.
struct Credentials {
  std::string user;
  Secret password;
  bool operator==(Credentials const&) const = default;
};

/// What a node wants of who connects to it, and what we want of the node.
struct Access {
  Credentials credentials;
  std::shared_ptr<net::TlsContext> tls;         ///< none: plain
  std::string server_name;                      ///< its certificate's; the host when empty
  std::string client_name = "valkey-operator";  ///< in CLIENT LIST and logs
  bool operator==(Access const&) const = default;
};

}  // namespace valkey
