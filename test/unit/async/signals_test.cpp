#include "common/async/signals.hpp"

#include "common/async/task_group.hpp"
#include "test/support/forked.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <csignal>
#include <sys/wait.h>

namespace {

Task<> stubborn() {
  (void)co_await guarded(forever());
  std::raise(SIGINT);
  co_return ok;
}

/// Is told to stop before it waits for that.
Task<> told_to_stop(int signal, Task<> (*work)()) {
  StopSignals signals{co_await asio::this_coro::executor};
  std::raise(signal);
  co_return co_await together([&](TaskGroup& group) {
    group.spawn(work());
    group.spawn(signals.received());
  });
}

}  // namespace

SCENARIO("a signal ends the group as cancelled, even when it came early") {
  auto const signal = GENERATE(SIGTERM, SIGINT);
  CHECK(run(told_to_stop(signal, forever)).error().fault == Fault::Cancelled);
}

SCENARIO("a second signal ends a process whose children do not") {
  auto const status = status_of_fork([] { (void)run(told_to_stop(SIGTERM, stubborn)); });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 128 + SIGINT);
}
