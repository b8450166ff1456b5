#pragma once
#include "common/kube/event.hpp"
#include "common/kube/recent_map.hpp"

#include <chrono>

namespace kube {

/// How many events may be told about one object: 25 at once, and one more each 5 min (client-go
/// tools/record/events_cache.go). Those of one type do not use up what is for the other.
class EventBudget {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  static constexpr double burst = 25;
  static constexpr std::chrono::minutes refill{5};  ///< of one
  static constexpr std::size_t most_objects = 4096;

  /// Whether one more is allowed; it is spent then.
  bool spend(ObjectReference const& object, EventType type, Instant now);

 private:
  struct Purse {
    double left = burst;
    Instant filled;
  };
  RecentMap<std::pair<ObjectReference, EventType>, Purse> purses_{most_objects};
};

}  // namespace kube
