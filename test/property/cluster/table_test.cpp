#include "operator/cluster/actions.hpp"
#include "test/support/sim/world.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>

namespace {

using cluster::Event;
using cluster::State;

/// Which rows of the table schedules came to.
class Visits {
 public:
  void note(State state, cluster::Situation const& situation) {
    for (auto const event : cluster::events(situation)) note(state, event, situation);
  }

  /// Rows that were never taken, and guards that always held.
  std::string missing() const {
    std::string text;
    for (auto const& row : cluster::table()) {
      bool const is_open = row.guard == cluster::guards::always;
      if (!taken_.contains(&row)) text += name(row) + " is never taken\n";
      if (!is_open && !passed_over_.contains(&row)) text += name(row) + " always holds\n";
    }
    return text;
  }

 private:
  void note(State state, Event event, cluster::Situation const& situation) {
    for (auto const& row : cluster::table()) {
      if (row.state != state || row.event != event) continue;
      bool const holds = row.guard(situation);
      (holds ? taken_ : passed_over_).insert(&row);
      if (holds) return;
    }
  }

  static std::string name(cluster::Row const& row) {
    auto const at = &row - cluster::table().data();
    return "row " + std::to_string(at) + " (" + boost::describe::enum_to_string(row.state, "") +
           std::string{", "} + boost::describe::enum_to_string(row.event, "") + ")";
  }

  std::set<cluster::Row const*> taken_;
  std::set<cluster::Row const*> passed_over_;
};

}  // namespace

TEST_CASE("schedules come to every row of the table, and find every guard both ways") {
  Visits visits;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    sim::World world{seed, 1 + static_cast<int>(seed % 4), static_cast<int>(seed / 4 % 3),
                     seed % 2 == 0};
    sim::Faults const faults{
        .per_thousand = 150, .may_lose_volumes = seed % 3 == 0, .steps_lost_percent = 20};
    for (int pass = 0; pass < 60; ++pass) {
      auto const view = world.view();
      visits.note(world.state(), world.situation(view));
      auto const now = pass % 40 < 30 ? faults : sim::Faults{};
      world.pass(now);
      // What happens while we do not look is seen only by what came of it.
      for (int ticks = seed % 5 == 0 ? 15 : 1; ticks > 0; --ticks) world.tick(now);
      world.write();
    }
  }
  INFO(visits.missing());
  CHECK(visits.missing().empty());
}
