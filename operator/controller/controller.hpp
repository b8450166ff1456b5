#pragma once
#include "common/async/clock.hpp"
#include "common/async/notice.hpp"
#include "common/kube/object.hpp"
#include "common/metrics.hpp"
#include "operator/controller/freshness.hpp"
#include "operator/controller/queue.hpp"
#include "operator/controller/verdict.hpp"

#include <functional>
#include <set>

namespace controller {

struct Settings {
  std::string name;
  std::size_t workers = 1;
  std::optional<Duration> reconcile_limit = std::nullopt;  ///< none unless it is given
  Duration grace = std::chrono::seconds{30};               ///< for what runs when we are to stop
  Duration sync_limit = std::chrono::minutes{2};           ///< for the caches, at the start
  Duration resync_period = std::chrono::hours{10};         ///< give or take a tenth
  Duration cache_wait_limit = std::chrono::seconds{10};    ///< to see our own writes; then without
};

/// The objects that a controller is about.
struct Objects {
  std::function<std::vector<kube::ObjectRef>()> all;
  std::function<bool(kube::ObjectRef const&)> contain;
};

/// Calls a reconcile for each key that is added, for several at a time but never for one twice,
/// and again as its outcome asks for. Belongs to one thread.
class Controller {
 public:
  using Reconcile = std::function<Task<Requeue>(kube::ObjectRef)>;

  Controller(Settings settings, Objects objects, std::vector<CacheView> caches, Reconcile reconcile,
             Clock& clock);
  Controller(Controller const&) = delete;  // the caches know where it is
  Controller& operator=(Controller const&) = delete;

  void add(kube::ObjectRef const& key, Priority priority);

  /// To be told of each write that a reconcile makes: its next call then waits until that cache
  /// has seen it, but for no longer than its limit.
  void wrote(kube::ObjectRef const& owner, std::string_view cache, std::string resource_version) {
    freshness_.wrote(owner, cache, std::move(resource_version));
  }

  /// To be told when an object is gone.
  void gone(kube::ObjectRef const& key);

  /// Waits for the caches, then works until it is cancelled. Then no key is begun any more, and
  /// those that are worked on have their grace. Ends as Cancelled, or as Transient if a cache did
  /// not sync in time. To be called once.
  Task<> run();

 private:
  using Keys = Queue<kube::ObjectRef>;
  struct Attempt;

  Task<> caches_synced();
  Task<> work();
  Task<> take_turns();
  Task<> resync();
  Task<> show_gauges();

  Task<> attend(Keys::Taken taken);
  bool has_to_wait(Keys::Taken const& taken);
  void caches_advanced();
  Task<Requeue> attempted(kube::ObjectRef key, Attempt& attempt);
  Task<Requeue> watched(kube::ObjectRef key, Attempt& attempt);
  void settle(Keys::Taken const& taken, Result<Requeue> const& outcome, Attempt const& attempt);
  void put_back(Keys::Taken const& taken, Verdict const& verdict);
  void report(kube::ObjectRef const& key, Verdict const& verdict, Result<Requeue> const& outcome,
              Duration took);
  void stop();

  Settings settings_;
  Objects objects_;
  Freshness freshness_;
  Reconcile reconcile_;
  Clock& clock_;
  Keys queue_;
  Notice activity_;  ///< given when the queue changes
  std::set<kube::ObjectRef> conflicting_;
  std::map<kube::ObjectRef, Clock::Instant> waiting_for_cache_;
  metrics::Controller measured_;
  metrics::Queue measured_queue_;
};

}  // namespace controller
