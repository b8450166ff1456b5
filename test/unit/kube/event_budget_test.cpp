#include "common/kube/event_budget.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;
using kube::EventBudget;
using enum kube::EventType;

constexpr EventBudget::Instant noon{1000h};

kube::ObjectReference named(std::string name) {
  return {
      .api_version = "v1", .kind = "Pod", .namespace_ = "demo", .name = std::move(name), .uid = {}};
}

int spent(EventBudget& budget, EventBudget::Instant now) {
  int count = 0;
  while (budget.spend(named("a"), Normal, now)) ++count;
  return count;
}

}  // namespace

TEST_CASE("of one object 25 events are told, and then one each five minutes") {
  EventBudget budget;
  CHECK(spent(budget, noon) == 25);
  CHECK(spent(budget, noon + 5min - 1ns) == 0);
  CHECK(spent(budget, noon + 5min) == 1);
  CHECK(spent(budget, noon + 20min) == 3);
  CHECK(spent(budget, noon + 1000h) == 25);
}

TEST_CASE("another object, and another type, has a budget of its own") {
  EventBudget budget;
  CHECK(spent(budget, noon) == 25);
  CHECK(budget.spend(named("b"), Normal, noon));
  CHECK(budget.spend(named("a"), Warning, noon));
}

TEST_CASE("of too many objects the one that told nothing for the longest time is forgotten") {
  EventBudget budget;
  CHECK(spent(budget, noon) == 25);
  for (std::size_t other = 1; other < EventBudget::most_objects; ++other)
    CHECK(budget.spend(named("o" + std::to_string(other)), Normal, noon));
  CHECK_FALSE(budget.spend(named("a"), Normal, noon));
  CHECK(budget.spend(named("new"), Normal, noon));  // in the place of o1
  CHECK_FALSE(budget.spend(named("a"), Normal, noon));
  for (int time = 1; time < 25; ++time) CHECK(budget.spend(named("o2"), Normal, noon));
  CHECK_FALSE(budget.spend(named("o2"), Normal, noon));
  for (int time = 0; time < 25; ++time) CHECK(budget.spend(named("o1"), Normal, noon));
}
