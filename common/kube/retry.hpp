#pragma once
#include <chrono>
#include <optional>
#include <string_view>

namespace kube {

/// How an exchange with an API server ended.
struct Attempted {
  std::string_view method;
  std::optional<unsigned> status;                   ///< none: no answer, or not all of it
  std::optional<std::chrono::seconds> retry_after;  ///< what the answer asks for
};

/// How often one request is sent at most (client-go rest/request.go, maxRetries).
inline constexpr unsigned most_attempts = 10;

/// How long to wait before the same request is sent again; nothing if it must not be. A server that
/// is too busy says when (429 with Retry-After): it has done nothing yet. All else may have been
/// done, unless it only asks: a write is never sent again because its answer was lost, or because
/// the server failed while it may have been at work. `attempt` counts from 0.
std::optional<std::chrono::seconds> delay_before_retry(Attempted const& ended, unsigned attempt);

}  // namespace kube
