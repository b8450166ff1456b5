#include "common/async/shielded.hpp"

#include "test/support/manual_loop.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;

Task<int> work(Clock& clock) {
  CO_TRY(co_await clock.until(clock.now() + 1s));
  co_return 7;
}

/// Waits for a second as who cleans up does, whatever happens, and works for one more.
Task<int> cleaned_up(Clock& clock, bool& cancelled_meanwhile) {
  co_await asio::this_coro::throw_if_cancelled(false);
  (void)co_await clock.until(clock.now() + 1s);
  co_return co_await shielded(work(clock), cancelled_meanwhile);
}

}  // namespace

SCENARIO("shielded work ends whole, and its task is told that it was cancelled") {
  ManualLoop loop;
  bool was_cancelled = false;
  auto task = loop.start(cleaned_up(loop.clock(), was_cancelled));
  WHEN("it is cancelled while the work is under way") {
    loop.advance(1s);
    task.cancel();
    loop.settle();
    CHECK(was_cancelled);
    CHECK(task.is_running());
  }
  WHEN("it was cancelled before, and did not look") {
    task.cancel();
    loop.settle();
    CHECK(was_cancelled);
    CHECK(task.is_running());
  }
  WHEN("it is not cancelled") {
    loop.advance(1s);
    CHECK_FALSE(was_cancelled);
  }
  loop.advance(1s);
  REQUIRE_FALSE(task.is_running());
  CHECK(task.outcome().value() == 7);
}
