#pragma once
#include "common/async/clock.hpp"
#include "common/async/task.hpp"
#include "common/environment.hpp"
#include "common/kube/config.hpp"
#include "common/net/tls.hpp"
#include "common/secret.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace kube {

/// What proves who we are, as of now.
struct Credential {
  std::uint64_t generation = 0;           ///< rises whenever any of it changes
  std::optional<Secret> authorization;    ///< the value of that header, if there is to be one
  std::optional<net::Identity> identity;  ///< what TLS has to show, if a plugin told
  std::uint64_t identity_generation = 0;  ///< rises when that changes: connections are to be closed
};

/// Where credentials come from. It outlives the tasks that ask it.
class Credentials {
 public:
  Credentials() = default;
  Credentials(Credentials const&) = delete;
  Credentials& operator=(Credentials const&) = delete;
  virtual ~Credentials() = default;

  /// For the next request.
  virtual Task<Credential> current() = 0;

  /// The server answered 401 to the credential of this generation. Looks for another one; whether
  /// to ask again with what current() says then.
  virtual Task<bool> refused(std::uint64_t generation) = 0;
};

/// `environment` is that of plugins.
std::unique_ptr<Credentials> credentials_for(Login const& login, Clock& clock,
                                             Environment const& environment);

}  // namespace kube
