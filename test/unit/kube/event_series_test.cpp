#include "common/kube/event_series.hpp"

#include "test/support/present.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;
using kube::Event;
using kube::SeenEvents;

constexpr SeenEvents::Instant noon{1000h};
constexpr kube::Timestamp day{std::chrono::sys_days{std::chrono::year{2030} / 1 / 1}};

Event event(std::string reason, std::chrono::microseconds at = 0s) {
  return kube::event_of({.regarding = {}, .reason = std::move(reason), .action = {}}, "note",
                        day + at, "name");
}

std::int32_t told_count(Event const& event) { return present(event.series).count; }

}  // namespace

TEST_CASE("the first is told as it is, the second as a series, others are counted") {
  SeenEvents seen;
  auto const first = present(seen.saw(event("a"), noon));
  CHECK(first == event("a"));
  auto const second = present(seen.saw(event("a", 1s), noon + 1s));
  CHECK(second.time == day);
  CHECK(present(second.series) == kube::EventSeries{.count = 2, .last_observed = day + 1s});
  CHECK_FALSE(seen.saw(event("a", 2s), noon + 2s));
  CHECK(seen.saw(event("b"), noon + 2s));
  CHECK(seen.due(noon + 3s).empty());
}

TEST_CASE("a series that goes on is told each half an hour") {
  SeenEvents seen;
  for (auto passed = 0min; passed < 31min; passed += 1min) {
    (void)seen.saw(event("a", passed), noon + passed);
    if (passed < 30min) CHECK(seen.due(noon + passed).empty());
  }
  CHECK(present(seen.next_due()) == noon + 31min);  // half an hour after the second
  auto const due = seen.due(noon + 31min);
  REQUIRE(due.size() == 1);
  CHECK(present(due[0].series) == kube::EventSeries{.count = 31, .last_observed = day + 30min});
  CHECK(seen.due(noon + 31min).empty());
}

TEST_CASE("a series that nothing was heard of for six minutes is told a last time, and forgotten") {
  SeenEvents seen;
  for (auto passed = 0s; passed < 3s; passed += 1s)
    (void)seen.saw(event("a", passed), noon + passed);
  CHECK(present(seen.next_due()) == noon + 2s + 6min);
  CHECK(seen.due(noon + 2s + 6min - 1ns).empty());
  auto const due = seen.due(noon + 2s + 6min);
  REQUIRE(due.size() == 1);
  CHECK(told_count(due[0]) == 3);
  CHECK_FALSE(seen.knows(event("a").key));
  CHECK_FALSE(seen.next_due());
  CHECK_FALSE(present(seen.saw(event("a"), noon + 7min)).series);
}

TEST_CASE("what was told completely is forgotten without a word") {
  SeenEvents seen;
  (void)seen.saw(event("once"), noon);
  (void)seen.saw(event("twice"), noon);
  (void)seen.saw(event("twice"), noon);
  CHECK(seen.due(noon + 6min).empty());
  CHECK_FALSE(seen.knows(event("once").key));
  CHECK_FALSE(seen.knows(event("twice").key));
}

TEST_CASE("what could not be told is told anew") {
  SeenEvents seen;
  (void)seen.saw(event("a"), noon);
  seen.forget(event("a").key);
  CHECK_FALSE(present(seen.saw(event("a"), noon)).series);
}

TEST_CASE("no more is remembered than may be") {
  SeenEvents seen;
  for (std::size_t index = 0; index <= SeenEvents::most; ++index)
    (void)seen.saw(event(std::to_string(index)), noon);
  CHECK_FALSE(seen.knows(event("0").key));
  CHECK(seen.knows(event("1").key));
}
