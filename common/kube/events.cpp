#include "common/kube/events.hpp"

#include "common/async/grace.hpp"
#include "common/kube/kinds.hpp"
#include "common/logging.hpp"
#include "common/random.hpp"

#include <algorithm>

namespace kube {
namespace {

using namespace std::chrono_literals;

// client-go tools/record/event.go
constexpr unsigned most_tries = 12;
constexpr Clock::Duration between_tries = 10s;
constexpr Clock::Duration between_complaints = 10min;
constexpr Clock::Duration grace = 2s;  ///< so that people learn why a process ends

ObjectRef ref_of(Event const& event) {
  return {.namespace_name = event_namespace(event), .name = event.name};
}

/// The first at random, so that not all try again at once when an API server is back.
Clock::Duration pause(unsigned tries) {
  if (tries > 1) return between_tries;
  return std::chrono::duration_cast<Clock::Duration>(between_tries * random_fraction());
}

}  // namespace

EventRecorder::EventRecorder(Client& client, Clock& clock, Reporter reporter)
    : client_{client}, clock_{clock}, reporter_{std::move(reporter)} {}

void EventRecorder::record(ObjectReference regarding, EventType type, std::string_view reason,
                           std::string_view action, std::string_view note) {
  auto const time = unique_time();
  auto name = event_name(regarding.name, time);
  auto event = event_of({.regarding = std::move(regarding),
                         .type = type,
                         .reason = std::string{reason},
                         .action = std::string{action}},
                        note, Timestamp{std::chrono::floor<std::chrono::microseconds>(time)},
                        std::move(name));
  auto const now = clock_.now();
  if (!seen_.knows(event.key) && !budget_.spend(event.key.regarding, type, now)) {
    logging::debug("event left out",
                   {{"object", event.key.regarding.name}, {"reason", event.key.reason}});
    return;
  }
  if (auto told = seen_.saw(std::move(event), now)) enqueue(*std::move(told));
  news_.give();
}

/// Two events of one object must not have one name.
std::chrono::nanoseconds EventRecorder::unique_time() {
  std::chrono::nanoseconds const now = clock_.wall_time().time_since_epoch();
  last_time_ = std::max(now, last_time_ + 1ns);
  return last_time_;
}

void EventRecorder::enqueue(Event event) {
  if (waiting_.size() < most_waiting) {
    waiting_.push_back(std::move(event));
    return;
  }
  seen_.forget(event.key);
  ++dropped_;
  tell_dropped();
}

void EventRecorder::tell_dropped() {
  auto const now = clock_.now();
  if (told_dropped_ && now < *told_dropped_ + between_complaints) return;
  told_dropped_ = now;
  logging::warning("events dropped", {{"count", dropped_}});
}

Task<> EventRecorder::run() {
  is_stopping_ = false;
  CO_TRY(co_await with_grace(clock_, grace, [this] { stop(); }, tell_all()));
  co_return cancelled();
}

void EventRecorder::stop() {
  is_stopping_ = true;
  news_.give();
}

Task<> EventRecorder::tell_all() {
  while (true) {
    auto const seen = news_.given();
    for (auto& event : seen_.due(clock_.now())) enqueue(std::move(event));
    if (waiting_.empty() && is_stopping_) co_return ok;
    if (waiting_.empty()) {
      CO_TRY(co_await news_.after(seen, clock_, seen_.next_due()));
      continue;
    }
    auto event = std::move(waiting_.front());
    waiting_.pop_front();
    CO_TRY(co_await deliver(std::move(event)));
  }
}

/// What an API server refuses is not told again: it would refuse it again.
Task<> EventRecorder::deliver(Event event) {
  for (unsigned tries = 1;; ++tries) {
    auto const sent = co_await send(event);
    if (sent || sent.error().fault == Fault::Cancelled) co_return sent;
    if (sent.error().fault != Fault::Transient || tries == most_tries) {
      logging::warning(
          "event not told",
          {{"message", sent.error().message}, {"reason", event.key.reason}, {"note", event.note}});
      co_return ok;
    }
    CO_TRY(co_await clock_.until(later(clock_.now(), pause(tries))));
  }
}

/// Of one that is there already, an answer was lost.
Task<> EventRecorder::send(Event const& event) {
  auto const ref = ref_of(event);
  if (event.series) {
    auto const patched = co_await client_.merge_patch(kinds::event, ref, series_patch(event));
    if (patched) co_return ok;
    if (patched.error().fault != Fault::NotFound) co_return Failure{patched.error()};
  }
  auto const created = co_await client_.create(kinds::event, ref, whole(event, reporter_));
  if (created || created.error().fault == Fault::Conflict) co_return ok;
  co_return Failure{created.error()};
}

}  // namespace kube
