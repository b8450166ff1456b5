#pragma once
#include "common/kube/event.hpp"
#include "common/kube/recent_map.hpp"

#include <chrono>
#include <vector>

namespace kube {

/// Which events were told lately: what is seen again is counted instead of told anew, and told now
/// and then while it goes on (client-go tools/events/event_broadcaster.go).
class SeenEvents {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::minutes refreshed{30};  ///< while it is seen: an API server
                                                        ///< forgets events after an hour
  static constexpr std::chrono::minutes finished{6};    ///< after it was seen last
  static constexpr std::size_t most = 4096;

  /// Whether it would be counted. `key` has to be that of an event_of().
  bool knows(EventKey const& key) { return events_.find(key) != nullptr; }

  /// One more: what of it has to be told now, if anything has.
  std::optional<Event> saw(Event event, Instant now);

  /// Counts that have to be told by now. What is finished is forgotten.
  std::vector<Event> due(Instant now);

  /// When due() has something to do next.
  std::optional<Instant> next_due() const;

  /// It could not be told: the next is told as if it were the first.
  void forget(EventKey const& key) { events_.erase(key); }

 private:
  struct Entry {
    Event event;
    Instant seen;
    Instant told;
    std::int32_t told_count = 1;

    std::int32_t count() const { return event.series ? event.series->count : 1; }
    bool has_news() const { return count() > told_count; }
    Instant due() const;
    Event tell(Instant now);
  };

  RecentMap<EventKey, Entry> events_{most};
};

}  // namespace kube
