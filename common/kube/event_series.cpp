#include "common/kube/event_series.hpp"

#include <algorithm>
#include <limits>

namespace kube {

SeenEvents::Instant SeenEvents::Entry::due() const {
  auto const end = seen + finished;
  return has_news() ? std::min(end, told + refreshed) : end;
}

Event SeenEvents::Entry::tell(Instant now) {
  told = now;
  told_count = count();
  return event;
}

std::optional<Event> SeenEvents::saw(Event event, Instant now) {
  auto* const known = events_.find(event.key);
  if (!known) {
    auto key = event.key;
    return events_.add(std::move(key), {.event = std::move(event), .seen = now, .told = now}).event;
  }
  known->seen = now;
  auto& series = known->event.series;
  bool const is_second = !series;
  if (is_second) series = EventSeries{.count = 1, .last_observed = {}};
  if (series->count < std::numeric_limits<std::int32_t>::max()) ++series->count;
  series->last_observed = event.time;
  if (!is_second) return std::nullopt;
  return known->tell(now);
}

std::vector<Event> SeenEvents::due(Instant now) {
  std::vector<Event> all;
  std::vector<EventKey> ended;
  for (auto& [key, entry] : events_.entries()) {
    if (now < entry.due()) continue;
    if (entry.has_news()) all.push_back(entry.tell(now));
    if (now >= entry.seen + finished) ended.push_back(key);
  }
  for (auto const& key : ended) events_.erase(key);
  return all;
}

std::optional<SeenEvents::Instant> SeenEvents::next_due() const {
  std::optional<Instant> next;
  for (auto const& [key, entry] : events_.entries())
    next = std::min(next.value_or(Instant::max()), entry.due());
  return next;
}

}  // namespace kube
