#pragma once
#include "common/result.hpp"

#include <chrono>
#include <optional>

namespace controller {

using Duration = std::chrono::steady_clock::duration;

/// What a reconcile that did not fail asks for: to be called again after a time, or not before
/// something changes.
struct Requeue {
  std::optional<Duration> after;
};

/// What becomes of a key after a reconcile.
struct Verdict {
  enum class Next {
    Nothing,      ///< until something changes
    AtOnce,       ///< its rate limit stays as it is
    RateLimited,  ///< later each time
    Later,        ///< after `delay`
  };
  enum class Kind { Success, Failed, Terminal, Stopped };

  Next next;
  Kind kind;
  Duration delay{};

  bool operator==(Verdict const&) const = default;
};

/// What is known of a key besides the outcome.
struct Circumstances {
  bool exists = true;         ///< the object itself
  bool had_conflict = false;  ///< the last time, and nothing else since
};

/// How long an object rests that only a person can mend. Its next edit comes through at once; this
/// is for what changes without our seeing it, such as a quota.
inline constexpr Duration rest_after_invalid = std::chrono::minutes{10};

/// controller-runtime retries every error alike (pkg/internal/controller reconcileHandler); here
/// the Fault says what is worth while.
Verdict judge(Result<Requeue> const& outcome, Circumstances circumstances);

}  // namespace controller
