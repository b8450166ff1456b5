#pragma once
#include "common/async/task.hpp"

#include <chrono>

/// Time as the code sees it: the system's, or one that a test moves by hand.
class Clock {
 public:
  using Duration = std::chrono::steady_clock::duration;
  using Instant = std::chrono::steady_clock::time_point;
  using WallTime = std::chrono::system_clock::time_point;

  Clock() = default;
  Clock(Clock const&) = delete;
  Clock& operator=(Clock const&) = delete;
  virtual ~Clock() = default;

  virtual Instant now() const = 0;            ///< never goes back
  virtual WallTime wall_time() const = 0;     ///< for people, and for timestamps in objects
  virtual Task<> until(Instant instant) = 0;  ///< ends at that instant, at once if it is past
};

/// The clock of this machine; any thread may use it.
Clock& system_clock();

/// `delay` after `start`, or the end of time where there is no such instant.
constexpr Clock::Instant later(Clock::Instant start, Clock::Duration delay) {
  auto const passed = start.time_since_epoch();
  bool const fits = passed.count() < 0 || delay <= Clock::Duration::max() - passed;
  return fits ? start + delay : Clock::Instant::max();
}
