#pragma once
#include "common/async/clock.hpp"

#include <cstdint>
#include <memory>
#include <optional>

/// Wakes whoever waits for something to change. Nothing is missed that changes before the wait
/// begins: ask given(), look, and wait for more than that. Belongs to one thread, and outlives
/// those who wait.
class Notice {
 public:
  using Count = std::uint64_t;

  void give();
  Count given() const { return given_; }

  /// Ends once more than `seen` notices were given.
  Task<> after(Count seen);
  /// The same, but ends at `until` at the latest.
  Task<> after(Count seen, Clock& clock, std::optional<Clock::Instant> until);

 private:
  Count given_ = 0;
  std::unique_ptr<asio::steady_timer> never_;  ///< cancelling it wakes who waits
};
