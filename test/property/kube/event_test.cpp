#include "common/kube/event.hpp"

#include "common/kube/event_budget.hpp"
#include "common/kube/event_series.hpp"
#include "common/utf8.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <rapidcheck.h>

namespace {

using namespace std::chrono_literals;
using kube::Event;
using kube::SeenEvents;

constexpr SeenEvents::Instant noon{1000h};
constexpr kube::Timestamp day{std::chrono::sys_days{std::chrono::year{2030} / 1 / 1}};

/// Events as people see them on an API server.
class Shown {
 public:
  void take(Event const& event) {
    auto& counts = counts_[event.key.reason];
    if (!event.series) counts.push_back(1);
    RC_ASSERT(!counts.empty());  // it was told as a first one
    if (event.series) {
      RC_ASSERT(event.series->count > counts.back());
      counts.back() = event.series->count;
    }
  }
  int total(std::string const& reason) {
    int sum = 0;
    for (auto const count : counts_[reason]) sum += count;
    return sum;
  }

 private:
  std::map<std::string, std::vector<int>> counts_;
};

void any_sightings() {
  SeenEvents seen;
  Shown shown;
  std::map<std::string, int> happened;
  auto now = noon;
  auto const steps = *rc::gen::inRange(0, 200);
  for (int step = 0; step < steps; ++step) {
    now += std::chrono::seconds{*rc::gen::weightedOneOf<int>(
        {{10, rc::gen::inRange(0, 60)}, {1, rc::gen::inRange(0, 2400)}})};
    for (auto const& event : seen.due(now)) shown.take(event);
    auto const reason = *rc::gen::element<std::string>("a", "b", "c");
    ++happened[reason];
    auto const event =
        kube::event_of({.regarding = {}, .reason = reason, .action = {}}, "note", day, "name");
    if (auto const told = seen.saw(event, now)) shown.take(*told);
  }
  while (auto const due = seen.next_due()) {
    RC_ASSERT(*due <= now + 6min);
    now = std::max(now, *due);
    for (auto const& event : seen.due(now)) shown.take(event);
  }
  for (auto const& [reason, count] : happened) RC_ASSERT(shown.total(reason) == count);
}

void any_texts(std::string const& reason, std::string const& piece, std::string const& name) {
  std::string note;
  auto const times = *rc::gen::inRange(0, 400);
  for (int time = 0; time < times; ++time) note += piece;
  auto const event = kube::event_of(
      {.regarding = {}, .reason = reason, .action = note}, note, day,
      kube::event_name(name + note, std::chrono::nanoseconds{day.time_since_epoch()}));
  for (auto const* text : {&event.key.reason, &event.key.action, &event.note})
    RC_ASSERT(utf8::repaired(*text) == *text);
  RC_ASSERT(event.key.reason.size() <= 128U);
  RC_ASSERT(event.key.action.size() <= 128U);
  RC_ASSERT(event.note.size() <= 1024U);
  RC_ASSERT(event.name.size() <= 253U);
  bool const is_fine = note.size() <= 1024 && utf8::repaired(note) == note;
  if (is_fine) RC_ASSERT(event.note == note);
}

}  // namespace

TEST_CASE("whenever events are seen, each is counted in the end, and no count goes back") {
  CHECK(rc::check(any_sightings));
}

TEST_CASE("in any time no more events of one object are told than its budget") {
  CHECK(rc::check([] {
    kube::EventBudget budget;
    auto const gaps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 900));
    std::chrono::seconds passed{};
    int told = 0;
    for (auto const gap : gaps) {
      passed += std::chrono::seconds{gap};
      told += budget.spend({}, kube::EventType::Normal, noon + passed) ? 1 : 0;
    }
    RC_ASSERT(told <= 25 + passed / 5min);
    RC_ASSERT(told >= std::min<std::int64_t>(std::ssize(gaps), 25));
  }));
}

TEST_CASE("whatever an event says, it is valid and not too long") { CHECK(rc::check(any_texts)); }
