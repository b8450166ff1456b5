#include "operator/controller/controller.hpp"

#include "test/support/captured_errors.hpp"
#include "test/support/manual_loop.hpp"
#include "test/support/present.hpp"
#include "test/support/waiting.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <stdexcept>

namespace {

using namespace std::chrono_literals;
using controller::CacheView;
using controller::Controller;
using controller::Duration;
using controller::Priority;
using controller::Requeue;
using Names = std::vector<std::string>;

kube::ObjectRef ref(std::string const& name) { return {.namespace_name = "demo", .name = name}; }

Result<Requeue> failed(Fault fault) { return Failure{Error{fault, "failed"}}; }

/// A controller whose reconciles do as a test says, beginning when it is started.
class World {
 public:
  explicit World(controller::Settings settings = {.name = "test"})
      : controller_{std::move(settings),
                    {.all = [this] { return objects(); },
                     .contain = [this](kube::ObjectRef const& key) { return contains(key); }},
                    {{.name = "pods",
                      .synced = [this] { return synced_; },
                      .has_seen = [this](std::string_view) { return seen_; },
                      .on_advance = [this](auto listener) { advanced_ = std::move(listener); }}},
                    [this](kube::ObjectRef key) { return reconcile(std::move(key)); },
                    loop_.clock()} {}

  ManualLoop::Started<void> start() { return loop_.start(controller_.run()); }
  void add(std::string const& name, Priority priority = Priority::Normal) {
    controller_.add(ref(name), priority);
    loop_.settle();
  }
  /// What its cache shows from now on: a list, and then what is written.
  void cache_is(bool synced, bool seen) {
    synced_ = synced;
    seen_ = seen;
    advanced_();
    loop_.settle();
  }
  void advance(Duration by) { loop_.advance(by); }
  void settle() { loop_.settle(); }
  Clock& clock() { return loop_.clock(); }
  Controller& controlled() { return controller_; }
  std::optional<Duration> next_wait() {
    auto const next = loop_.clock().earliest();
    return next ? std::optional{*next - clock().now()} : std::nullopt;
  }

  /// How many lines tell of an event.
  auto logged(std::string const& event) const {
    std::size_t lines = 0;
    auto const text = errors.text();
    for (auto at = text.find(event); at != std::string::npos; at = text.find(event, at + 1))
      ++lines;
    return lines;
  }

  CapturedErrors errors;
  Names begun;
  Names ended;
  std::size_t most_at_once = 0;
  std::deque<Result<Requeue>> outcomes;  ///< of the next reconciles; then they succeed
  std::function<Task<>(World&)> during = [](World&) { return one_turn(); };
  Names existing{"a", "b", "c"};

 private:
  Task<Requeue> reconcile(kube::ObjectRef key) {
    begun.push_back(key.name);
    CHECK(std::ranges::find(running_, key.name) == running_.end());
    running_.push_back(key.name);
    most_at_once = std::max(most_at_once, running_.size());
    auto const paused = co_await guarded(during(*this));
    std::erase(running_, key.name);
    if (!paused && paused.error().message == "unexpected exception: boom")
      throw std::runtime_error{"boom"};
    CO_TRY(paused);
    ended.push_back(key.name);
    if (outcomes.empty()) co_return Requeue{};
    auto outcome = outcomes.front();
    outcomes.pop_front();
    co_return outcome;
  }
  std::vector<kube::ObjectRef> objects() const {
    std::vector<kube::ObjectRef> all;
    for (auto const& name : existing) all.push_back(ref(name));
    return all;
  }
  bool contains(kube::ObjectRef const& key) const {
    return std::ranges::find(existing, key.name) != existing.end();
  }

  std::vector<std::string> running_;
  bool synced_ = true;
  bool seen_ = true;
  std::function<void()> advanced_;
  ManualLoop loop_;
  Controller controller_;
};

Task<> ten_seconds(World& world) { return world.clock().until(world.clock().now() + 10s); }

Task<> exploding(World&) {
  CO_TRY(co_await one_turn());
  throw std::runtime_error{"boom"};
}

/// The delays after which a key is called again when it ends so, each a reconcile later.
std::vector<Duration> delays_after(std::deque<Result<Requeue>> outcomes, World& world) {
  auto const count = outcomes.size();
  world.outcomes = std::move(outcomes);
  auto const running = world.start();
  world.add("a");
  std::vector<Duration> delays;
  while (delays.size() < count && world.begun.size() < 2 * count) {
    auto const before = world.begun.size();
    if (before > delays.size() + 1) {
      delays.push_back(0s);
      continue;
    }
    auto const wait = world.next_wait();
    if (!wait || *wait > 1h) break;
    world.advance(*wait);
    if (world.begun.size() > before) delays.push_back(*wait);
  }
  return delays;
}

std::vector<Duration> delays_after(std::deque<Result<Requeue>> outcomes) {
  World world;
  return delays_after(std::move(outcomes), world);
}

using Delays = std::vector<Duration>;

bool shows(std::string const& line) { return metrics::exposition().contains("\n" + line + "\n"); }

}  // namespace

SCENARIO("a key that is added is reconciled, once") {
  World world;
  auto const running = world.start();
  world.add("a");
  CHECK(world.ended == Names{"a"});
  world.advance(1h);
  CHECK(world.ended == Names{"a"});
  CHECK(running.is_running());
}

SCENARIO("keys that are added before the start are reconciled then") {
  World world;
  world.add("a");
  world.add("b");
  CHECK(world.begun.empty());
  auto const running = world.start();
  CHECK(world.ended == Names{"a", "b"});
}

SCENARIO("nothing is reconciled before the caches are filled") {
  World world;
  world.cache_is(false, false);
  auto const running = world.start();
  world.add("a");
  world.advance(119s);
  CHECK(world.begun.empty());
  world.cache_is(true, false);
  CHECK(world.ended == Names{"a"});
}

SCENARIO("a cache that is not filled in time is a failure") {
  World world;
  world.cache_is(false, false);
  auto const running = world.start();
  world.advance(2min);
  CHECK(running.outcome().error() ==
        Error{Fault::Transient, "the cache of pods was not filled in time"});
}

SCENARIO("a key comes again as its outcome asks for") {
  CHECK(delays_after({Requeue{}}).empty());
  CHECK(delays_after({Requeue{.after = 7s}}) == Delays{7s});
  CHECK(delays_after({Requeue{.after = 0s}, Requeue{.after = 0s}}) == Delays{5ms, 10ms});
  CHECK(delays_after({failed(Fault::Transient), failed(Fault::Transient)}) == Delays{5ms, 10ms});
  CHECK(delays_after({failed(Fault::Conflict), failed(Fault::Conflict)}) == Delays{0s, 5ms});
  CHECK(delays_after({failed(Fault::Invalid)}) == Delays{10min});
  CHECK(delays_after({failed(Fault::Invalid)}) == Delays{10min});
  CHECK(delays_after({failed(Fault::NotFound)}) == Delays{5ms});
}

SCENARIO("success ends a rate limit and a row of conflicts") {
  CHECK(delays_after({failed(Fault::Transient), Requeue{.after = 1s}, failed(Fault::Transient)}) ==
        Delays{5ms, 1s, 5ms});
  CHECK(delays_after({failed(Fault::Conflict), Requeue{.after = 1s}, failed(Fault::Conflict)}) ==
        Delays{0s, 1s, 0s});
}

SCENARIO("an object that is gone is not called again") {
  World world;
  world.existing.clear();
  CHECK(delays_after({failed(Fault::NotFound)}, world).empty());
}

SCENARIO("an exception in a reconcile is counted, and neither ends the worker nor is final") {
  World world{{.name = "throwing"}};
  world.during = exploding;
  auto const running = world.start();
  world.add("a");
  CHECK(world.errors.text().contains("unexpected exception: boom"));
  CHECK(shows("controller_runtime_reconcile_panics_total{controller=\"throwing\"} 1"));
  CHECK(shows("controller_runtime_terminal_reconcile_errors_total{controller=\"throwing\"} 0"));
  world.during = [](World&) { return one_turn(); };
  world.advance(5ms);
  CHECK(world.ended == Names{"a"});
}

SCENARIO("a reconcile that takes too long is cancelled, counted and called again") {
  World world{{.name = "slow", .reconcile_limit = 3s}};
  world.during = ten_seconds;
  auto const running = world.start();
  world.add("a");
  world.advance(3s);
  CHECK(world.errors.text().contains("no answer within 3 s"));
  CHECK(shows("controller_runtime_reconcile_timeouts_total{controller=\"slow\"} 1"));
  CHECK(shows("controller_runtime_reconcile_panics_total{controller=\"slow\"} 0"));
  world.advance(5ms);
  CHECK(world.begun == Names{"a", "a"});
}

SCENARIO("one worker takes one key at a time, and several take several") {
  for (std::size_t const workers : {1U, 2U, 3U}) {
    World world{{.name = "many", .workers = workers}};
    world.during = ten_seconds;
    auto const running = world.start();
    for (auto const* const name : {"a", "b", "c"}) world.add(name);
    CHECK(world.begun.size() == workers);
    world.advance(10s);
    world.advance(20s);
    CHECK(world.ended == Names{"a", "b", "c"});
    CHECK(world.most_at_once == workers);
  }
}

SCENARIO("a key that is added while it is reconciled is reconciled again, but not meanwhile") {
  World world{{.name = "twice", .workers = 2}};
  world.during = ten_seconds;
  auto const running = world.start();
  world.add("a");
  world.add("a");
  world.add("a");
  CHECK(world.begun == Names{"a"});
  world.advance(10s);
  CHECK(world.begun == Names{"a", "a"});
  world.advance(10s);
  CHECK(world.ended == Names{"a", "a"});
}

SCENARIO("an edit goes before what is looked at only to be sure, also when it fails") {
  World world;
  world.outcomes = {failed(Fault::Transient)};
  auto const running = world.start();
  world.add("a", Priority::Low);
  CHECK(world.ended == Names{"a"});
  world.during = ten_seconds;
  world.add("b");
  world.advance(5s);
  world.add("c");
  world.advance(15s);
  CHECK(world.ended == Names{"a", "b", "c"});
  world.advance(10s);
  CHECK(world.ended == Names{"a", "b", "c", "a"});
}

SCENARIO("every object is looked at again now and then, and otherwise an idle controller sleeps") {
  World world;
  auto const running = world.start();
  world.advance(9h - 1s);
  CHECK(world.begun.empty());
  CHECK(present(world.next_wait()) > 0s);
  CHECK(present(world.next_wait()) <= 2h + 1s);
  world.advance(2h + 1s);
  CHECK(world.ended == Names{"a", "b", "c"});
}

SCENARIO("an idle controller that is stopped is gone") {
  World world;
  auto running = world.start();
  running.cancel();
  world.settle();
  CHECK(running.outcome().error().fault == Fault::Cancelled);
  CHECK(!world.next_wait());
}

SCENARIO("a controller that is stopped lets reconciles end, and begins none") {
  World world;
  world.during = ten_seconds;
  auto running = world.start();
  world.add("a");
  world.add("b");
  running.cancel();
  world.advance(10s - 1ns);
  world.add("a");
  CHECK(running.is_running());
  world.advance(1ns);
  CHECK(running.outcome().error().fault == Fault::Cancelled);
  CHECK(world.ended == Names{"a"});
  CHECK(world.begun == Names{"a"});
}

SCENARIO("a reconcile that does not end in its grace is cancelled") {
  World world;
  world.during = [](World&) { return forever(); };
  auto running = world.start();
  world.add("a");
  running.cancel();
  world.advance(30s - 1ns);
  CHECK(running.is_running());
  world.advance(1ns);
  CHECK(running.outcome().error().fault == Fault::Cancelled);
  CHECK(world.ended.empty());
}

SCENARIO("a controller that is stopped twice is gone at once") {
  World world;
  world.during = [](World&) { return forever(); };
  auto running = world.start();
  world.add("a");
  running.cancel();
  world.settle();
  CHECK(running.is_running());
  running.cancel();
  world.settle();
  CHECK(running.outcome().error().fault == Fault::Cancelled);
}

SCENARIO("a key waits until the caches have seen what was written for it, others do not") {
  World world;
  world.cache_is(true, false);
  auto const running = world.start();
  world.controlled().wrote(ref("a"), "pods", "7");
  world.add("a");
  world.add("b");
  CHECK(world.ended == Names{"b"});
  world.advance(5s);
  CHECK(world.ended == Names{"b"});
  world.cache_is(true, true);
  CHECK(world.ended == Names{"b", "a"});
}

SCENARIO("a cache that stays behind is complained about once, and then not waited for") {
  World world{{.name = "restored"}};
  world.cache_is(true, false);
  auto const running = world.start();
  world.controlled().wrote(ref("a"), "pods", "1000");
  world.add("a");
  auto const complaints = [&world] { return world.logged("cache stayed behind our own writes"); };
  world.advance(10s - 1ns);
  CHECK(complaints() == 0);
  CHECK(world.begun.empty());
  world.advance(1ns);
  CHECK(complaints() == 1);
  CHECK(world.errors.text().contains("\"cache\":\"pods\""));
  CHECK(world.ended == Names{"a"});
  THEN("what it never showed holds nothing up any more") {
    world.add("a");
    CHECK(world.ended == Names{"a", "a"});
    CHECK(complaints() == 1);
  }
  THEN("a later write is waited for, though its version may be lower") {
    world.controlled().wrote(ref("a"), "pods", "7");
    world.add("a");
    CHECK(world.ended == Names{"a"});
    world.cache_is(true, true);
    CHECK(world.ended == Names{"a", "a"});
    CHECK(complaints() == 1);
  }
}

SCENARIO("a key that waits for a cache is not called, counted or measured as one that is ready") {
  World world{{.name = "parked"}};
  world.cache_is(true, false);
  auto const running = world.start();
  world.controlled().wrote(ref("a"), "pods", "7");
  world.add("a", Priority::Low);
  world.advance(4s);
  world.add("a");  // which it looks at, and waits on
  CHECK(world.begun.empty());
  CHECK(world.next_wait() == 6s);
  auto const labels = std::string{"{controller=\"parked\",name=\"parked\""};
  CHECK(shows("workqueue_depth" + labels + ",priority=\"0\"} 0"));
  CHECK(shows("workqueue_adds_total" + labels + "} 1"));
  CHECK(shows("workqueue_queue_duration_seconds_count" + labels + "} 0"));
  CHECK(shows("workqueue_work_duration_seconds_count" + labels + "} 0"));
  world.cache_is(true, false);  // by a write of somebody else
  CHECK(world.begun.empty());
  world.cache_is(true, true);
  CHECK(world.ended == Names{"a"});
  CHECK(shows("workqueue_queue_duration_seconds_sum" + labels + "} 0"));
  CHECK(shows("workqueue_work_duration_seconds_count" + labels + "} 1"));
}

SCENARIO("each key waits as long as it may for its own writes") {
  World world;
  world.cache_is(true, false);
  auto const running = world.start();
  world.controlled().wrote(ref("a"), "pods", "7");
  world.controlled().wrote(ref("b"), "pods", "7");
  world.add("a");
  world.advance(5s);
  world.add("b");
  world.advance(5s);
  CHECK(world.ended == Names{"a"});
  world.advance(5s);
  CHECK(world.ended == Names{"a", "b"});
}

SCENARIO("what was written for an object that is gone is not waited for") {
  World world;
  world.cache_is(true, false);
  auto const running = world.start();
  world.controlled().wrote(ref("a"), "pods", "7");
  world.controlled().gone(ref("a"));
  world.add("a");
  CHECK(world.ended == Names{"a"});
}

SCENARIO("a controller's metrics follow what it does") {
  World world{{.name = "measured"}};
  world.outcomes = {Requeue{.after = 1h}, failed(Fault::Transient), failed(Fault::Invalid)};
  auto const running = world.start();
  for (auto const* const name : {"a", "b", "c"}) world.add(name);
  auto const total = [](std::string const& result) {
    return "controller_runtime_reconcile_total{controller=\"measured\",result=\"" + result + "\"} ";
  };
  CHECK(shows(total("requeue_after") + "1"));
  CHECK(shows(total("error") + "2"));
  CHECK(shows(total("success") + "0"));
  CHECK(shows("controller_runtime_terminal_reconcile_errors_total{controller=\"measured\"} 1"));
  CHECK(shows("workqueue_adds_total{controller=\"measured\",name=\"measured\"} 6"));
  CHECK(shows("workqueue_retries_total{controller=\"measured\",name=\"measured\"} 3"));
  world.advance(5ms);
  CHECK(shows(total("success") + "1"));
}

SCENARIO("what a queue holds is shown while its worker is busy") {
  World world{{.name = "busy"}};
  world.during = ten_seconds;
  auto const running = world.start();
  world.add("a");
  world.add("b");
  world.add("c", Priority::Low);
  auto const labels = std::string{"{controller=\"busy\",name=\"busy\""};
  CHECK(shows("workqueue_depth" + labels + ",priority=\"0\"} 1"));
  CHECK(shows("workqueue_depth" + labels + ",priority=\"-100\"} 1"));
  CHECK(shows("controller_runtime_active_workers{controller=\"busy\"} 1"));
  world.advance(2s);
  CHECK(shows("workqueue_unfinished_work_seconds" + labels + "} 2"));
  CHECK(shows("workqueue_longest_running_processor_seconds" + labels + "} 2"));
  world.advance(30s);
  CHECK(shows("workqueue_depth" + labels + ",priority=\"0\"} 0"));
  CHECK(shows("workqueue_unfinished_work_seconds" + labels + "} 0"));
  CHECK(shows("controller_runtime_active_workers{controller=\"busy\"} 0"));
}
