#pragma once
#include "common/async/clock.hpp"
#include "common/kube/status.hpp"
#include "common/net/http_client.hpp"

#include <optional>

namespace kube {

/// Why an answer is no success, and when to ask again.
struct Refusal {
  Status status;
  std::optional<std::chrono::seconds> retry_after;
};

/// What the Retry-After header says, now.
std::optional<std::chrono::seconds> retry_after_of(net::Headers const& headers, Clock const& clock);

/// Reads an answer as far as it may be a Status; Transient when that takes longer than 30 s.
Task<Refusal> refusal_of(net::Incoming& answer, Clock& clock);

}  // namespace kube
