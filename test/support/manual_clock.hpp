#pragma once
#include "common/async/clock.hpp"

#include <map>
#include <optional>

/// Time that stands still until a test moves it. Belongs to one thread.
class ManualClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  WallTime wall_time() const override { return WallTime{noon + (now_ - start)}; }
  Task<> until(Instant instant) override;

  /// Wakes those whose instants are reached, earliest first; they go on when their loop runs.
  void advance(Duration by);

  /// The earliest instant that somebody waits for.
  std::optional<Instant> earliest() const;

  /// Whether somebody waits for exactly this instant.
  bool is_awaited(Instant instant) const { return waiting_.contains(instant); }

 private:
  using Waiting = std::multimap<Instant, asio::steady_timer*>;

  // Neither is the epoch, which an instant that was never set would be.
  static constexpr Instant start{std::chrono::hours{1000}};
  static constexpr std::chrono::sys_days day{std::chrono::year{2030} / 1 / 1};
  static constexpr WallTime noon{day + std::chrono::hours{12}};

  Instant now_ = start;
  Waiting waiting_;
};
