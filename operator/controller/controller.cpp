#include "operator/controller/controller.hpp"

#include "common/async/grace.hpp"
#include "common/async/task_group.hpp"
#include "common/async/within.hpp"
#include "common/logging.hpp"
#include "common/random.hpp"

#include <algorithm>

namespace controller {
namespace {

using namespace std::chrono_literals;

constexpr Duration gauge_period = 500ms;  // client-go util/workqueue

metrics::Reconciled counted(Verdict const& verdict) {
  switch (verdict.kind) {
    case Verdict::Kind::Failed:
    case Verdict::Kind::Terminal:
      return metrics::Reconciled::Error;
    case Verdict::Kind::Success:
    case Verdict::Kind::Stopped:
      break;
  }
  switch (verdict.next) {
    case Verdict::Next::Nothing:
      return metrics::Reconciled::Success;
    case Verdict::Next::Later:
      return metrics::Reconciled::RequeueAfter;
    case Verdict::Next::AtOnce:
    case Verdict::Next::RateLimited:
      break;
  }
  return metrics::Reconciled::Requeue;
}

}  // namespace

/// What is seen of one call of a reconcile besides its outcome.
struct Controller::Attempt {
  Clock::Instant began;
  bool returned = false;
  bool threw = false;
};

Controller::Controller(Settings settings, Objects objects, std::vector<CacheView> caches,
                       Reconcile reconcile, Clock& clock)
    : settings_{std::move(settings)},
      objects_{std::move(objects)},
      freshness_{std::move(caches)},
      reconcile_{std::move(reconcile)},
      clock_{clock},
      measured_{settings_.name, settings_.workers},
      measured_queue_{settings_.name} {
  for (auto const& cache : freshness_.caches()) cache.on_advance([this] { caches_advanced(); });
}

void Controller::add(kube::ObjectRef const& key, Priority priority) {
  if (queue_.add(key, priority, clock_.now())) measured_queue_.added();
  activity_.give();
}

void Controller::gone(kube::ObjectRef const& key) {
  freshness_.forget(key);
  waiting_for_cache_.erase(key);
}

Task<> Controller::run() {
  CO_TRY(co_await caches_synced());
  logging::info("controller started", {{"controller", settings_.name}});
  auto const outcome = co_await with_grace(clock_, settings_.grace, [this] { stop(); }, work());
  CO_TRY(outcome);
  co_return cancelled();
}

Task<> Controller::caches_synced() {
  auto const deadline = later(clock_.now(), settings_.sync_limit);
  while (true) {
    auto const seen = activity_.given();
    auto const& caches = freshness_.caches();
    auto const unsynced =
        std::ranges::find_if(caches, [](CacheView const& cache) { return !cache.synced(); });
    if (unsynced == caches.end()) co_return ok;
    if (clock_.now() >= deadline)
      co_return transient("the cache of " + unsynced->name + " was not filled in time");
    CO_TRY(co_await activity_.after(seen, clock_, deadline));
  }
}

void Controller::stop() {
  queue_.shut_down();
  activity_.give();
}

Task<> Controller::work() {
  return together([this](TaskGroup& group) {
    for (std::size_t worker = 0; worker < settings_.workers; ++worker) group.spawn(take_turns());
    group.spawn(resync());
    group.spawn(show_gauges());
  });
}

Task<> Controller::take_turns() {
  while (!queue_.is_shut_down()) {
    auto const seen = activity_.given();
    if (auto const taken = queue_.take(clock_.now()))
      CO_TRY(co_await attend(*taken));
    else
      CO_TRY(co_await activity_.after(seen, clock_, queue_.next_due(clock_.now())));
  }
  co_return ok;
}

/// From memory: for what we missed or forgot, not for what the API server did not tell.
Task<> Controller::resync() {
  auto const next = [this] {
    auto const share = 0.9 + 0.2 * random_fraction();
    return later(clock_.now(),
                 std::chrono::duration_cast<Duration>(settings_.resync_period * share));
  };
  for (auto due = next(); !queue_.is_shut_down();) {
    CO_TRY(co_await activity_.after(activity_.given(), clock_, due));
    if (clock_.now() < due) continue;
    for (auto const& key : objects_.all()) add(key, Priority::Low);
    due = next();
  }
  co_return ok;
}

Task<> Controller::show_gauges() {
  while (!queue_.is_shut_down()) {
    auto const seen = activity_.given();
    auto const now = clock_.now();
    auto const work = queue_.unfinished(now);
    measured_queue_.is_now({.ready = queue_.depth(Priority::Normal, now),
                            .ready_of_low_priority = queue_.depth(Priority::Low, now),
                            .unfinished = work.total,
                            .longest = work.longest});
    auto due = queue_.next_due(now);
    if (queue_.is_working()) due = later(now, gauge_period);
    CO_TRY(co_await activity_.after(seen, clock_, due));
  }
  co_return ok;
}

Task<> Controller::attend(Keys::Taken taken) {
  if (has_to_wait(taken)) {
    queue_.done(taken.key, clock_.now());
    activity_.give();
    co_return ok;
  }
  measured_queue_.waited(taken.waited);
  Attempt attempt{.began = clock_.now()};
  activity_.give();
  measured_.began();
  auto const outcome = co_await attempted(taken.key, attempt);
  settle(taken, outcome, attempt);
  measured_queue_.worked(queue_.done(taken.key, clock_.now()));
  activity_.give();
  co_return ok;
}

/// Delays a key whose caches have not shown what was written for it: until they do, but no longer
/// than its limit. What they have not shown then may never come, as when etcd was restored from a
/// backup: it is forgotten.
bool Controller::has_to_wait(Keys::Taken const& taken) {
  auto const now = clock_.now();
  auto const* const behind = freshness_.behind(taken.key);
  auto const known = waiting_for_cache_.find(taken.key);
  bool const has_waited = known != waiting_for_cache_.end();
  if (!behind && !has_waited) return false;
  auto const since = has_waited ? known->second : now;
  auto const deadline = later(since, settings_.cache_wait_limit);
  if (behind && now < deadline) {
    waiting_for_cache_.emplace(taken.key, since);
    queue_.add_at(taken.key, taken.priority, deadline, now);
    return true;
  }
  using enum metrics::CacheWait;
  metrics::waited_for_cache(behind ? Timeout : Success, now - since);
  waiting_for_cache_.erase(taken.key);
  if (!behind) return false;
  logging::warning(
      "cache stayed behind our own writes",
      {{"controller", settings_.name}, {"object", taken.key.text()}, {"cache", behind->name}});
  freshness_.forget(taken.key);
  return false;
}

/// Ends the delay of those keys that need not wait any more; they keep their priority.
void Controller::caches_advanced() {
  for (auto const& [key, since] : waiting_for_cache_)
    if (!freshness_.behind(key)) queue_.add(key, Priority::Low, clock_.now());
  activity_.give();
}

Task<Requeue> Controller::attempted(kube::ObjectRef key, Attempt& attempt) {
  auto const caught = [](Task<Requeue> task, Attempt& seen) -> Task<Requeue> {
    auto const outcome = co_await guarded(std::move(task));
    seen.threw = !seen.returned && !outcome && outcome.error().fault != Fault::Cancelled;
    if (seen.threw)
      co_return transient(outcome.error().message);  // a bug, of which others may go on
    co_return outcome;
  };
  auto task = caught(watched(std::move(key), attempt), attempt);
  if (!settings_.reconcile_limit) return guarded(std::move(task));
  return within(clock_, *settings_.reconcile_limit, std::move(task));
}

Task<Requeue> Controller::watched(kube::ObjectRef key, Attempt& attempt) {
  auto outcome = co_await reconcile_(std::move(key));
  attempt.returned = outcome || outcome.error().fault != Fault::Cancelled;
  co_return outcome;
}

void Controller::settle(Keys::Taken const& taken, Result<Requeue> const& outcome,
                        Attempt const& attempt) {
  bool const conflicted = !outcome && outcome.error().fault == Fault::Conflict;
  auto const verdict = judge(outcome, {.exists = objects_.contain(taken.key),
                                       .had_conflict = conflicting_.contains(taken.key)});
  if (conflicted)
    conflicting_.insert(taken.key);
  else
    conflicting_.erase(taken.key);
  bool const failed = !outcome && outcome.error().fault == Fault::Transient;
  if (attempt.threw) measured_.threw();
  if (failed && !attempt.threw && !attempt.returned) measured_.timed_out();
  report(taken.key, verdict, outcome, clock_.now() - attempt.began);
  put_back(taken, verdict);
}

void Controller::report(kube::ObjectRef const& key, Verdict const& verdict,
                        Result<Requeue> const& outcome, Duration took) {
  measured_.ended(counted(verdict), took);
  bool const is_terminal = verdict.kind == Verdict::Kind::Terminal;
  if (is_terminal) measured_.gave_up();
  if (!is_terminal && verdict.kind != Verdict::Kind::Failed) return;
  json::object const fields{
      {"controller", settings_.name}, {"object", key.text()}, {"message", outcome.error().message}};
  if (is_terminal)
    logging::error("reconcile failed, and a retry would not help", fields);
  else
    logging::warning("reconcile failed", fields);
}

void Controller::put_back(Keys::Taken const& taken, Verdict const& verdict) {
  auto const now = clock_.now();
  switch (verdict.next) {
    case Verdict::Next::Nothing:
      queue_.forget(taken.key);
      return;
    case Verdict::Next::AtOnce:
      if (queue_.add(taken.key, taken.priority, now)) measured_queue_.added();
      return;
    case Verdict::Next::RateLimited:
      if (queue_.add_rate_limited(taken.key, taken.priority, now)) measured_queue_.added();
      measured_queue_.added_later();
      return;
    case Verdict::Next::Later:
      queue_.forget(taken.key);
      if (queue_.add_at(taken.key, taken.priority, later(now, verdict.delay), now))
        measured_queue_.added();
      measured_queue_.added_later();
      return;
  }
}

}  // namespace controller
