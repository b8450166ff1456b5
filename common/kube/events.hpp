#pragma once
#include "common/async/notice.hpp"
#include "common/kube/client.hpp"
#include "common/kube/event_budget.hpp"
#include "common/kube/event_series.hpp"

#include <cstddef>
#include <deque>

namespace kube {

/// Tells people what happened to an object: `kubectl describe` shows it. What happens again is
/// counted, what happens too often is left out, and what can't be told is dropped: nothing may
/// depend on an event. Belongs to one thread.
class EventRecorder {
 public:
  static constexpr std::size_t most_waiting = 1000;

  /// Client and clock have to outlive it. The client should not be guarded by a lease: that it was
  /// lost may be told too.
  EventRecorder(Client& client, Clock& clock, Reporter reporter);

  /// Returns at once. Reason and action are in UpperCamelCase, for machines; the note is for
  /// people. Notes of what is otherwise the same are not told while that is counted.
  void record(ObjectReference regarding, EventType type, std::string_view reason,
              std::string_view action, std::string_view note);

  /// Tells the API server one after the other what was recorded, until it is cancelled: then what
  /// waits has two seconds.
  Task<> run();

  /// How many were left out because more waited than may.
  std::size_t dropped() const { return dropped_; }

 private:
  Task<> tell_all();
  void stop();
  void enqueue(Event event);
  void tell_dropped();
  std::chrono::nanoseconds unique_time();
  Task<> deliver(Event event);
  Task<> send(Event const& event);

  Client& client_;
  Clock& clock_;
  Reporter reporter_;
  EventBudget budget_;
  SeenEvents seen_;
  std::deque<Event> waiting_;
  Notice news_;  ///< given when something waits or is to be counted, and when it is to end
  bool is_stopping_ = false;
  std::chrono::nanoseconds last_time_{};
  std::size_t dropped_ = 0;
  std::optional<Clock::Instant> told_dropped_;
};

}  // namespace kube
