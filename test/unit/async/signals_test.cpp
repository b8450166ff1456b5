#include "common/async/signals.hpp"

#include "common/async/task_group.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <csignal>

SCENARIO("a signal ends the group as cancelled") {
  auto const signal = GENERATE(SIGTERM, SIGINT);
  auto const outcome = run(together([signal](TaskGroup& group) {
    group.spawn(forever());
    group.spawn(until_signalled());
    std::raise(signal);
  }));
  CHECK(outcome.error().fault == Fault::Cancelled);
}
