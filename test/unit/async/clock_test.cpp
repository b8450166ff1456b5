#include "common/async/clock.hpp"

#include "common/async/within.hpp"
#include "test/support/cancellable.hpp"
#include "test/support/manual_loop.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace {

using namespace std::chrono_literals;

Task<> noted(Clock& clock, Clock::Duration delay, std::vector<Clock::Duration>& order) {
  auto const start = clock.now();
  CO_TRY(co_await clock.until(start + delay));
  order.push_back(clock.now() - start);
  co_return ok;
}

Task<> noted_twice(Clock& clock, Clock::Duration delay, std::vector<Clock::Duration>& order) {
  CO_TRY(co_await noted(clock, delay, order));
  co_return co_await noted(clock, delay, order);
}

}  // namespace

SCENARIO("the system's clock moves on its own") {
  auto& clock = system_clock();
  auto const before = clock.now();
  CHECK(run(clock.until(before + 1ms)));
  CHECK(clock.now() >= before + 1ms);
  CHECK(clock.wall_time() > Clock::WallTime{} + 24h * 365 * 50);
}

SCENARIO("what is past is not waited for") {
  CHECK(run(system_clock().until({})));
  CHECK(run(system_clock().until(Clock::Instant::min())));
}

SCENARIO("a wait for the system's clock can be cancelled") {
  Cancellable task{system_clock().until(Clock::Instant::max())};
  task.proceed();
  CHECK(task.is_running());
  task.cancel();
  CHECK(task.outcome().error().fault == Fault::Cancelled);
}

SCENARIO("an instant beyond the end of time is the end of time") {
  using Instant = Clock::Instant;
  CHECK(later(Instant{5s}, 2s) == Instant{7s});
  CHECK(later(Instant{5s}, -2s) == Instant{3s});
  CHECK(later(Instant{5s}, Clock::Duration::max()) == Instant::max());
  CHECK(later(Instant::max(), 1ns) == Instant::max());
  CHECK(later(Instant{-5s}, Clock::Duration::max()) == Instant{Clock::Duration::max() - 5s});
}

SCENARIO("time moved by hand wakes who waits, the earliest first") {
  ManualLoop loop;
  std::vector<Clock::Duration> order;
  auto const late = loop.start(noted(loop.clock(), 3s, order));
  auto const early = loop.start(noted_twice(loop.clock(), 1s, order));
  CHECK(loop.clock().earliest() == loop.clock().now() + 1s);
  loop.advance(999ms);
  CHECK(order.empty());
  loop.advance(1ms);
  CHECK(order == std::vector<Clock::Duration>{1s});
  CHECK(loop.clock().earliest() == loop.clock().now() + 1s);
  loop.advance(1h);
  CHECK(order == std::vector<Clock::Duration>{1s, 1s, 3s});
  CHECK(late.outcome());
  CHECK(early.outcome());
  CHECK(!loop.clock().earliest());
}

SCENARIO("the time of day moves as far as time does") {
  ManualClock clock;
  auto const before = clock.wall_time();
  clock.advance(90min);
  CHECK(clock.wall_time() - before == 90min);
}

SCENARIO("a wait for time moved by hand can be cancelled") {
  ManualLoop loop;
  auto task = loop.start(loop.clock().until(Clock::Instant::max()));
  CHECK(task.is_running());
  task.cancel();
  loop.settle();
  CHECK(task.outcome().error().fault == Fault::Cancelled);
  CHECK(!loop.clock().earliest());
}

SCENARIO("a loop may be destroyed while somebody waits for its time") {
  ManualLoop loop;
  CHECK(loop.start(loop.clock().until(Clock::Instant::max())).is_running());
}

SCENARIO("a deadline may be one of time moved by hand") {
  ManualLoop loop;
  auto const task = loop.start(within(loop.clock(), 2s, forever()));
  loop.advance(1999ms);
  CHECK(task.is_running());
  loop.advance(1ms);
  CHECK(task.outcome().error() == Error{Fault::Transient, "no answer within 2 s"});
}
