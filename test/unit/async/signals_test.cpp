#include "common/async/signals.hpp"

#include "common/async/task_group.hpp"
#include "test/support/forked.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <csignal>
#include <sys/wait.h>

SCENARIO("a signal ends the group as cancelled") {
  auto const signal = GENERATE(SIGTERM, SIGINT);
  auto const outcome = run(together([signal](TaskGroup& group) {
    group.spawn(forever());
    group.spawn(until_signalled());
    std::raise(signal);
  }));
  CHECK(outcome.error().fault == Fault::Cancelled);
}

SCENARIO("a second signal ends a process whose children do not") {
  auto const status = status_of_fork([] {
    auto const stubborn = []() -> Task<> {
      (void)co_await guarded(forever());
      std::raise(SIGINT);
      co_return ok;
    };
    (void)run(together([&](TaskGroup& group) {
      group.spawn(until_signalled());
      group.spawn(stubborn());
      std::raise(SIGTERM);
    }));
  });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 128 + SIGINT);
}
