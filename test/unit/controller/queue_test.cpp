#include "operator/controller/queue.hpp"

#include "test/support/present.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using controller::Priority;
using Queue = controller::Queue<std::string>;
using Instant = Queue::Instant;

constexpr Instant noon{1000h};

std::string taken(Queue& queue, Instant now) {
  auto const next = queue.take(now);
  return next ? next->key : "";
}

/// A queue whose "a" is being worked on since noon.
Queue working_on_a() {
  Queue queue;
  queue.add("a", Priority::Normal, noon);
  REQUIRE(taken(queue, noon) == "a");
  return queue;
}

}  // namespace

SCENARIO("keys are taken in the order in which they were added") {
  Queue queue;
  for (auto const* const key : {"c", "a", "b"}) queue.add(key, Priority::Normal, noon);
  CHECK(taken(queue, noon) == "c");
  CHECK(taken(queue, noon) == "a");
  CHECK(taken(queue, noon) == "b");
  CHECK(taken(queue, noon).empty());
}

SCENARIO("a key that is added twice is taken once") {
  Queue queue;
  CHECK(queue.add("a", Priority::Normal, noon));
  CHECK(!queue.add("a", Priority::Normal, noon));
  CHECK(taken(queue, noon) == "a");
  CHECK(taken(queue, noon).empty());
}

SCENARIO("a key that is added while it is worked on is taken again, but only then") {
  auto queue = working_on_a();
  CHECK(queue.add("a", Priority::Normal, noon));
  CHECK(taken(queue, noon).empty());
  CHECK(!queue.next_due(noon));
  queue.done("a", noon);
  CHECK(taken(queue, noon) == "a");
}

SCENARIO("adds while a key is worked on collapse into one") {
  auto queue = working_on_a();
  for (int times = 0; times < 3; ++times) queue.add("a", Priority::Normal, noon);
  queue.done("a", noon);
  CHECK(taken(queue, noon) == "a");
  queue.done("a", noon);
  CHECK(taken(queue, noon).empty());
}

SCENARIO("a key that is done may be inserted again") {
  auto queue = working_on_a();
  queue.done("a", noon);
  CHECK(queue.add("a", Priority::Normal, noon));
  CHECK(taken(queue, noon) == "a");
}

SCENARIO("what is done without having been taken changes nothing") {
  Queue queue;
  queue.add("a", Priority::Normal, noon);
  CHECK(queue.done("a", noon) == 0s);
  CHECK(queue.done("b", noon) == 0s);
  CHECK(taken(queue, noon) == "a");
}

SCENARIO("a delayed key is taken when it is due, and before that one may ask when") {
  Queue queue;
  queue.add_at("a", Priority::Normal, noon + 10s, noon);
  CHECK(queue.next_due(noon) == noon + 10s);
  CHECK(taken(queue, noon + 10s - 1ns).empty());
  CHECK(present(queue.take(noon + 12s)).waited == 2s);
  CHECK(!queue.next_due(noon + 12s));
}

SCENARIO("of several delays the earliest counts") {
  Queue queue;
  queue.add_at("a", Priority::Normal, noon + 10s, noon);
  queue.add_at("a", Priority::Normal, noon + 5s, noon);
  queue.add_at("a", Priority::Normal, noon + 20s, noon);
  CHECK(queue.next_due(noon) == noon + 5s);
  CHECK(taken(queue, noon + 5s) == "a");
  queue.done("a", noon + 5s);
  CHECK(taken(queue, noon + 1h).empty());
}

SCENARIO(
    "a key that is wanted now does not wait for its delay, and none delays one that is ready") {
  Queue queue;
  queue.add_at("a", Priority::Normal, noon + 10s, noon);
  queue.add("a", Priority::Normal, noon);
  queue.add_at("a", Priority::Normal, noon + 10s, noon);
  CHECK(queue.next_due(noon) == noon);
  CHECK(taken(queue, noon) == "a");
}

SCENARIO("delayed keys are taken in the order in which they become due") {
  Queue queue;
  queue.add_at("late", Priority::Normal, noon + 2s, noon);
  queue.add_at("early", Priority::Normal, noon + 1s, noon);
  queue.add_at("past", Priority::Normal, noon - 1s, noon);
  CHECK(taken(queue, noon + 3s) == "past");
  CHECK(taken(queue, noon + 3s) == "early");
  CHECK(taken(queue, noon + 3s) == "late");
}

SCENARIO("a delay asked for while the key is worked on still counts when it is done") {
  auto queue = working_on_a();
  queue.add_at("a", Priority::Normal, noon + 10s, noon);
  CHECK(!queue.next_due(noon));
  queue.done("a", noon + 1s);
  CHECK(queue.next_due(noon + 1s) == noon + 10s);
  CHECK(taken(queue, noon + 10s) == "a");
}

SCENARIO("a key that fails waits twice as long each time, until it is forgotten") {
  Queue queue;
  auto const waits = [&queue] {
    queue.add_rate_limited("a", Priority::Normal, noon);
    auto const due = present(queue.next_due(noon));
    REQUIRE(taken(queue, due) == "a");
    queue.done("a", noon);
    return due - noon;
  };
  CHECK(waits() == 5ms);
  CHECK(waits() == 10ms);
  CHECK(waits() == 20ms);
  for (int failures = 3; failures < 40; ++failures) waits();
  CHECK(waits() == 1000s);
  queue.forget("a");
  CHECK(waits() == 5ms);
}

SCENARIO("one key's failures do not delay another") {
  Queue queue;
  queue.add_rate_limited("a", Priority::Normal, noon);
  queue.add_rate_limited("a", Priority::Normal, noon);
  queue.add_rate_limited("b", Priority::Normal, noon);
  CHECK(taken(queue, noon + 5ms) == "a");  // the earlier of its two delays
  CHECK(taken(queue, noon + 5ms) == "b");
}

SCENARIO("a user's edit goes before what is looked at only to be sure") {
  Queue queue;
  queue.add("listed", Priority::Low, noon);
  queue.add("edited", Priority::Normal, noon);
  CHECK(queue.depth(Priority::Low, noon) == 1);
  CHECK(queue.depth(Priority::Normal, noon) == 1);
  auto const first = present(queue.take(noon));
  CHECK(first.key == "edited");
  CHECK(first.priority == Priority::Normal);
  CHECK(taken(queue, noon) == "listed");
}

SCENARIO("a key that is added again keeps the higher of its priorities") {
  Queue queue;
  queue.add("raised", Priority::Low, noon);
  queue.add("kept", Priority::Normal, noon);
  queue.add("raised", Priority::Normal, noon);
  queue.add("kept", Priority::Low, noon);
  CHECK(queue.depth(Priority::Normal, noon) == 2);
  CHECK(taken(queue, noon) == "raised");  // which has waited longer
  CHECK(taken(queue, noon) == "kept");
}

SCENARIO("what waits for a key that is worked on is no part of the depth") {
  auto queue = working_on_a();
  queue.add("a", Priority::Normal, noon);
  queue.add_at("b", Priority::Low, noon + 1s, noon);
  CHECK(queue.depth(Priority::Normal, noon) == 0);
  CHECK(queue.depth(Priority::Low, noon) == 0);
  CHECK(queue.depth(Priority::Low, noon + 1s) == 1);
}

SCENARIO("unfinished work is measured") {
  auto queue = working_on_a();
  CHECK(queue.unfinished(noon).total == 0s);
  queue.add("b", Priority::Normal, noon);
  REQUIRE(taken(queue, noon + 2s) == "b");
  CHECK(queue.unfinished(noon + 5s).total == 8s);
  CHECK(queue.unfinished(noon + 5s).longest == 5s);
  CHECK(queue.done("a", noon + 6s) == 6s);
  CHECK(queue.unfinished(noon + 6s).longest == 4s);
}

SCENARIO("a queue that is shut down takes nothing and gives nothing") {
  auto queue = working_on_a();
  queue.add("a", Priority::Normal, noon);
  queue.add("b", Priority::Normal, noon);
  queue.add_at("c", Priority::Normal, noon + 1s, noon);
  CHECK(!queue.is_shut_down());
  queue.shut_down();
  CHECK(queue.is_shut_down());
  CHECK(!queue.add("d", Priority::Normal, noon));
  CHECK(!queue.add_rate_limited("d", Priority::Normal, noon));
  CHECK(!queue.next_due(noon));
  CHECK(taken(queue, noon + 1h).empty());
  queue.done("a", noon);
  CHECK(taken(queue, noon + 1h).empty());
}
