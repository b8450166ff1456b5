#pragma once
#include "common/async/clock.hpp"
#include "common/kube/client.hpp"
#include "common/kube/recent_map.hpp"

#include <optional>
#include <string>

namespace kube {

/// Lets only those read what we serve to whom the API server gives the right: who they are is in
/// the token that they show (TokenReview), and what they may is in the cluster's roles, as for any
/// other URL (SubjectAccessReview). As controller-runtime pkg/metrics/filters. Belongs to one
/// thread.
class AccessGuard {
 public:
  /// Client and clock have to outlive it.
  AccessGuard(Client& client, Clock& clock) : client_{client}, clock_{clock} {}

  /// Nothing when the one who asks may `get` the path, for a minute without asking again; or what
  /// to answer: 401 for who shows no token that is known, 403 for who has no right, 503 when the
  /// API server does not say.
  Task<std::optional<net::Response>> refusal(net::Request request);

 private:
  enum class Verdict { Allowed, Unknown, Forbidden };

  Task<Verdict> asked(std::string token, std::string path);

  static constexpr std::size_t most_remembered = 64;

  Client& client_;
  Clock& clock_;
  RecentMap<std::string, Clock::Instant> allowed_{most_remembered};  ///< until when
};

}  // namespace kube
