#include "operator/cluster/lifecycle.hpp"

#include "test/support/sim/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fmt/core.h>

namespace {

using cluster::Event;
using cluster::State;
using sim::Faults;
using sim::World;

constexpr std::uint64_t schedules = 2'500;

struct Shape {
  int shards;
  int replicas;
  bool is_persistent;
};

Shape shape_of(std::uint64_t seed) {
  return {.shards = 1 + static_cast<int>(seed % 5),
          .replicas = static_cast<int>(seed / 5 % 3),
          .is_persistent = seed / 15 % 2 == 0};
}

World world(std::uint64_t seed) {
  auto const shape = shape_of(seed);
  return {seed, shape.shards, shape.replicas, shape.is_persistent};
}

/// Says what failed only then: it is long.
void require(bool is_so, std::uint64_t seed, World const& world) {
  if (!is_so) FAIL("seed " << seed << "\n" << world.text());
}

/// Goes on until all is well; the number of passes, or nothing if it never is.
std::optional<int> settles(World& world, int most) {
  for (int pass = 0; pass < most; ++pass) {
    auto const plan = world.pass({});
    world.tick({});
    if (plan.events == std::vector{Event::Settled}) return pass;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a cluster is formed of any shape in a few passes") {
  for (std::uint64_t seed = 0; seed < 2 * schedules; ++seed) {
    auto made = world(seed);
    auto const passes = settles(made, 40);
    require(passes && *passes < 20, seed, made);
  }
}

TEST_CASE("what nobody broke is left alone") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    auto made = world(seed);
    REQUIRE(settles(made, 40));
    made.write();
    for (int pass = 0; pass < 10; ++pass) {
      made.tick({});
      CHECK(made.pass({}).stages.empty());
      CHECK(made.state() == State::Running);
    }
  }
}

TEST_CASE("[H36][H12] pods that restart, vanish for us or take steps with them cost no data") {
  for (std::uint64_t seed = 0; seed < schedules; ++seed) {
    auto made = world(seed);
    Faults const faults{.per_thousand = 100, .may_lose_volumes = false, .steps_lost_percent = 10};
    for (int pass = 0; pass < 60; ++pass) {
      made.pass(faults);
      made.tick(faults);
      made.write();
      require(made.lost_by_us().empty(), seed, made);
    }
    auto const passes = settles(made, 120);
    require(passes && made.lost_by_us().empty(), seed, made);
  }
}

TEST_CASE("[H37] lost volumes cost no more than what was on them alone") {
  for (std::uint64_t seed = 0; seed < schedules; ++seed) {
    auto made = world(seed);
    Faults const faults{.per_thousand = 50, .may_lose_volumes = true, .steps_lost_percent = 10};
    for (int pass = 0; pass < 60; ++pass) {
      made.pass(faults);
      made.tick(faults);
      made.write();
      require(made.lost_by_us().empty(), seed, made);
    }
    require(settles(made, 200) && made.lost_by_us().empty(), seed, made);
  }
}

/// SEED=745 property-tests "[.seed]" -s
TEST_CASE("one schedule is told pass by pass", "[.seed]") {
  auto const* const seed = std::getenv("SEED");
  REQUIRE(seed);
  auto made = world(std::strtoull(seed, nullptr, 10));
  Faults const faults{.per_thousand = 100, .may_lose_volumes = false, .steps_lost_percent = 10};
  for (int pass = 0; pass < 60 && made.lost_by_us().empty(); ++pass) {
    auto const plan = made.pass(faults);
    made.tick(faults);
    made.write();
    fmt::print("{}: {} stages\n{}\n", pass, plan.stages.size(), made.text());
  }
}
