#include "operator/controller/queue.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>
#include <set>
#include <vector>

namespace {

using namespace std::chrono_literals;
using controller::Priority;
using Queue = controller::Queue<int>;
using Duration = Queue::Duration;
using Instant = Queue::Instant;

/// The same rules, each written as plainly as can be.
class Model {
 public:
  void add(int key, Priority priority, Instant due, Instant now) {
    if (is_shut_down) return;
    due = std::max(due, now);
    for (auto& item : waiting) {
      if (item.key != key) continue;
      item.due = std::min(item.due, due);
      item.priority = std::max(item.priority, priority);
      return;
    }
    waiting.push_back({key, due, priority});
  }
  void add_rate_limited(int key, Priority priority, Instant now) {
    if (is_shut_down) return;
    Duration delay = 5ms;
    auto const times = failures[key]++;
    for (int time = 0; time < times && delay < 1000s; ++time) delay *= 2;
    add(key, priority, now + std::min<Duration>(delay, 1000s), now);
  }
  /// Those that may be taken: not worked on, due, and none of a higher priority is.
  std::set<int> candidates(Instant now) const {
    for (auto const priority : {Priority::Normal, Priority::Low}) {
      std::set<int> keys;
      for (auto const& item : waiting)
        if (item.priority == priority && item.due <= now && !running.contains(item.key))
          keys.insert(item.key);
      if (!keys.empty()) return keys;
    }
    return {};
  }
  std::optional<Instant> next_due(Instant now) const {
    std::optional<Instant> earliest;
    for (auto const& item : waiting)
      if (!running.contains(item.key))
        earliest = std::min(earliest.value_or(Instant::max()), std::max(item.due, now));
    return earliest;
  }
  void took(int key, Instant now) {
    std::erase_if(waiting, [key](auto const& item) { return item.key == key; });
    running.emplace(key, now);
  }
  void shut_down() {
    is_shut_down = true;
    waiting.clear();
    failures.clear();
  }

  struct Item {
    int key;
    Instant due;
    Priority priority;
  };
  std::vector<Item> waiting;
  std::map<int, Instant> running;
  std::map<int, int> failures;
  bool is_shut_down = false;
};

void change(Queue& queue, Model& model, Instant& now) {
  auto const key = *rc::gen::inRange(0, 5);
  auto const priority = *rc::gen::element(Priority::Low, Priority::Normal);
  auto const delay = std::chrono::milliseconds{*rc::gen::inRange(-5, 200)};
  switch (*rc::gen::weightedElement<int>(
      {{6, 0}, {4, 1}, {4, 2}, {2, 3}, {8, 4}, {6, 5}, {6, 6}, {1, 7}})) {
    case 0:
      queue.add(key, priority, now);
      model.add(key, priority, now, now);
      return;
    case 1:
      queue.add_at(key, priority, now + delay, now);
      model.add(key, priority, now + delay, now);
      return;
    case 2:
      queue.add_rate_limited(key, priority, now);
      model.add_rate_limited(key, priority, now);
      return;
    case 3:
      queue.forget(key);
      model.failures.erase(key);
      return;
    case 4: {
      auto const candidates = model.candidates(now);
      auto const taken = queue.take(now);
      RC_ASSERT(taken.has_value() == !candidates.empty());
      if (!taken) return;
      RC_ASSERT(candidates.contains(taken->key));
      RC_ASSERT(taken->waited >= 0ms);
      model.took(taken->key, now);
      return;
    }
    case 5: {
      auto const running = model.running.find(key);
      auto const took = running == model.running.end() ? Duration{} : now - running->second;
      RC_ASSERT(queue.done(key, now) == took);
      model.running.erase(key);
      return;
    }
    case 6:
      now += std::chrono::milliseconds{*rc::gen::inRange(0, 100)};
      return;
    default:
      if (*rc::gen::inRange(0, 10) != 0) return;  // rare, as nothing happens after it
      queue.shut_down();
      model.shut_down();
      return;
  }
}

void check_against_model() {
  Queue queue;
  Model model;
  Instant now{1000h};
  auto const steps = *rc::gen::inRange(0, 80);
  for (int step = 0; step < steps; ++step) {
    change(queue, model, now);
    RC_ASSERT(queue.next_due(now) == model.next_due(now));
    Duration total{};
    for (auto const& [key, since] : model.running) total += now - since;
    RC_ASSERT(queue.unfinished(now).total == total);
    for (auto const priority : {Priority::Low, Priority::Normal}) {
      auto const ready = std::ranges::count_if(model.waiting, [&](auto const& item) {
        return item.priority == priority && item.due <= now && !model.running.contains(item.key);
      });
      RC_ASSERT(queue.depth(priority, now) == static_cast<std::size_t>(ready));
    }
  }
}

}  // namespace

TEST_CASE("whatever happens to a queue, it does as its plain model does") {
  CHECK(rc::check(check_against_model));
}

TEST_CASE("no key waits for ever behind others of its priority") {
  CHECK(rc::check([](std::vector<int> const& keys) {
    Queue queue;
    Instant const now{1000h};
    std::vector<int> order;
    for (auto const key : keys)
      if (queue.add(key, Priority::Normal, now)) order.push_back(key);
    for (auto const key : order) {
      auto const taken = queue.take(now);
      RC_ASSERT(taken && taken->key == key);
      queue.done(key, now);
      queue.add(key, Priority::Normal, now);  // behind all others
    }
  }));
}
