#pragma once
#include <chrono>

/// How long to wait before the next attempt: longer each time, up to a limit.
struct Backoff {
  using Duration = std::chrono::steady_clock::duration;

  Duration first;
  double factor = 2;
  Duration most;
  double jitter = 0;  ///< stretches a delay by up to this share of it, beyond `most` too

  /// The delay after `attempt` failures, counted from 0. `fraction`, from [0, 1), is how
  /// much of the jitter to take, at random (apimachinery util/wait Jitter).
  Duration delay(unsigned attempt, double fraction) const;
};
