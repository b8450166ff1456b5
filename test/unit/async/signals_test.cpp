#include "common/async/signals.hpp"

#include "common/async/task_group.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <csignal>

SCENARIO("a signal ends the group as cancelled") {
  auto const parent = [](int signal) -> Task<> {
    TaskGroup group{co_await asio::this_coro::executor};
    group.spawn(forever());
    group.spawn(until_signalled());
    std::raise(signal);
    co_return co_await group.join();
  };
  CHECK(run(parent(GENERATE(SIGTERM, SIGINT))).error().fault == Fault::Cancelled);
}
