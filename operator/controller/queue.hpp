#pragma once
#include "common/async/backoff.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace controller {

/// Low is for what is looked at only to be sure: the first list and resyncs. A user's edit goes
/// before all of that (controller-runtime designs/priorityqueue.md).
enum class Priority { Low, Normal };

/// Keys that wait for their turn. A key waits once, however often it is added: as early as anybody
/// wanted it, and with the highest priority. It is never worked on twice at once: what is added
/// meanwhile waits until it is done (client-go util/workqueue).
template <class Key>
class Queue {
 public:
  using Duration = std::chrono::steady_clock::duration;
  using Instant = std::chrono::steady_clock::time_point;

  struct Taken {
    Key key;
    Priority priority;
    Duration waited;  ///< since it was due
  };
  struct Work {
    Duration total{};  ///< the time that all that are worked on took so far
    Duration longest{};
  };

  /// False if it adds nothing: the key waits already, or the queue is shut down.
  bool add(Key const& key, Priority priority, Instant now) { return put(key, priority, now, now); }
  bool add_at(Key const& key, Priority priority, Instant due, Instant now) {
    return put(key, priority, std::max(due, now), now);
  }

  /// Adds a key that failed, after 5 ms and then twice as long each time, up to 1000 s.
  bool add_rate_limited(Key const& key, Priority priority, Instant now) {
    if (is_shut_down_) return false;
    auto const delay = per_key.delay(failures_[key]++, 0);
    return put(key, priority, now + delay, now);
  }

  /// Ends the rate limit of a key that did not fail.
  void forget(Key const& key) { failures_.erase(key); }

  /// The key whose turn it is, if there is one; it is worked on until done().
  std::optional<Taken> take(Instant now) {
    promote(now);
    auto& line = of(Priority::Normal).empty() ? of(Priority::Low) : of(Priority::Normal);
    if (line.empty()) return std::nullopt;
    auto const waiting = waiting_.find(*line.begin()->second);
    Taken taken{waiting->first, waiting->second.priority, now - waiting->second.due};
    line.erase(line.begin());
    waiting_.erase(waiting);
    running_.emplace(taken.key, now);
    return taken;
  }

  /// Ends the work on a key, and tells how long it took.
  Duration done(Key const& key, Instant now) {
    auto const found = running_.find(key);
    if (found == running_.end()) return {};
    auto const took = now - found->second;
    running_.erase(found);
    if (auto const again = waiting_.find(key); again != waiting_.end()) line_up(*again, now);
    return took;
  }

  /// From now on nothing is added or taken, and what waited is dropped: whoever works next begins
  /// with everything anyway.
  void shut_down() {
    is_shut_down_ = true;
    for (auto& line : ready_) line.clear();
    delayed_.clear();
    waiting_.clear();
    failures_.clear();
  }
  bool is_shut_down() const { return is_shut_down_; }

  /// When there will be a key to take, if nothing else happens.
  std::optional<Instant> next_due(Instant now) const {
    if (std::ranges::any_of(ready_, [](auto const& line) { return !line.empty(); })) return now;
    if (delayed_.empty()) return std::nullopt;
    return std::max(now, delayed_.begin()->first.first);
  }

  /// How many keys could be taken now.
  std::size_t depth(Priority priority, Instant now) {
    promote(now);
    return of(priority).size();
  }

  bool is_working() const { return !running_.empty(); }

  Work unfinished(Instant now) const {
    Work work;
    for (auto const& [key, since] : running_) {
      work.total += now - since;
      work.longest = std::max(work.longest, now - since);
    }
    return work;
  }

 private:
  using Ticket = std::uint64_t;

  struct Waiting {
    Instant due;
    Priority priority;
    Ticket ticket = 0;
    bool is_ready = false;  ///< whether it stands among those ready or those delayed
  };
  using Entry = std::pair<Key const, Waiting>;

  static constexpr Backoff per_key{.first = std::chrono::milliseconds{5},
                                   .most = std::chrono::seconds{1000}};

  auto& of(Priority priority) { return ready_[static_cast<std::size_t>(priority)]; }

  bool put(Key const& key, Priority priority, Instant due, Instant now) {
    if (is_shut_down_) return false;
    auto const [entry, is_new] = waiting_.try_emplace(key, Waiting{due, priority});
    auto& waiting = entry->second;
    bool const is_running = running_.contains(key);
    if (!is_new) {
      if (!is_running) step_out(waiting);
      waiting.due = std::min(waiting.due, due);
      waiting.priority = std::max(waiting.priority, priority);
    }
    if (!is_running) line_up(*entry, now);
    return is_new;
  }

  /// Who was ready already keeps its place.
  void line_up(Entry& entry, Instant now) {
    auto& [key, waiting] = entry;
    if (!waiting.is_ready) waiting.ticket = next_ticket_++;
    waiting.is_ready = waiting.is_ready || waiting.due <= now;
    if (waiting.is_ready)
      of(waiting.priority).emplace(waiting.ticket, &key);
    else
      delayed_.emplace(std::pair{waiting.due, waiting.ticket}, &key);
  }

  void step_out(Waiting const& waiting) {
    if (waiting.is_ready)
      of(waiting.priority).erase(waiting.ticket);
    else
      delayed_.erase({waiting.due, waiting.ticket});
  }

  /// Lets those whose time has come line up, the earliest first.
  void promote(Instant now) {
    while (!delayed_.empty() && delayed_.begin()->first.first <= now) {
      auto& entry = *waiting_.find(*delayed_.begin()->second);
      delayed_.erase(delayed_.begin());
      line_up(entry, now);
    }
  }

  std::map<Key, Waiting> waiting_;  ///< those that run already stand in none of the next two
  std::array<std::map<Ticket, Key const*>, 2> ready_;
  std::map<std::pair<Instant, Ticket>, Key const*> delayed_;
  std::map<Key, Instant> running_;
  std::map<Key, unsigned> failures_;
  Ticket next_ticket_ = 0;
  bool is_shut_down_ = false;
};

}  // namespace controller
