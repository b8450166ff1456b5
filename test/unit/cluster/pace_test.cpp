#include "operator/cluster/pace.hpp"

#include "test/support/settled.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;
namespace pace = cluster::pace;

}  // namespace

SCENARIO("the longer nothing happens, the less often is looked") {
  CHECK(pace::until_next_look(0s) == 50ms);
  CHECK(pace::until_next_look(8s) == 1s);
  CHECK(pace::until_next_look(24h) == 10s);
}

SCENARIO("[H73] what has not changed is not written") {
  auto const status = Settled{}.report();
  CHECK_FALSE(pace::until_told(status, status, 1h));
  CHECK_FALSE(pace::until_told(status, status, std::nullopt));
}

SCENARIO("what people wait for is told at once, and all else a little later") {
  auto const before = Settled{}.report();
  auto after = before;
  after.message = "other";
  CHECK(pace::until_told(before, after, 1s) == 9s);
  CHECK(pace::until_told(before, after, 1h) == 0s);
  CHECK(pace::until_told(before, after, std::nullopt) == 0s);
  after.version = "9.2.0";
  CHECK(pace::until_told(before, after, 500ms) == 1500ms);
  after.phase = crd::ClusterPhase::Degraded;
  CHECK(pace::until_told(before, after, 0s) == 0s);
  after = before;
  after.observed_generation = 2;
  CHECK(pace::until_told(before, after, 0s) == 0s);
}
