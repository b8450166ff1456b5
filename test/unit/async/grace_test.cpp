#include "common/async/grace.hpp"

#include "test/support/manual_loop.hpp"
#include "test/support/waiting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

namespace {

using namespace std::chrono_literals;

Task<> lasting(Clock& clock, Clock::Duration time, Result<> outcome) {
  CO_TRY(co_await clock.until(clock.now() + time));
  co_return outcome;
}

Task<> throwing() {
  CO_TRY(co_await one_turn());
  throw std::runtime_error{"boom"};
}

Task<> not_throwing(Task<> task) {
  co_await asio::this_coro::throw_if_cancelled(false);
  CO_TRY(co_await std::move(task));
  co_return conflict("went on");
}

Task<> told_after(Task<> task, bool& went_on) {
  (void)co_await std::move(task);
  CO_TRY(co_await one_turn());
  went_on = true;
  co_return ok;
}

/// Work that is given ten seconds once it is asked to end.
struct Graceful {
  ManualLoop loop;
  int asked = 0;

  Task<> run(Task<> work) {
    return with_grace(loop.clock(), 10s, [this] { ++asked; }, std::move(work));
  }
};

}  // namespace

SCENARIO("work that nobody stops keeps its outcome") {
  Graceful graceful;
  auto const well = graceful.loop.start(graceful.run(one_turn()));
  CHECK(well.outcome());
  auto const badly = graceful.loop.start(graceful.run(throwing()));
  CHECK(badly.outcome().error().message == "unexpected exception: boom");
  CHECK(graceful.asked == 0);
}

SCENARIO("work that is asked to end may take its time") {
  Graceful graceful;
  auto task =
      graceful.loop.start(graceful.run(lasting(graceful.loop.clock(), 5s, permanent("disk full"))));
  task.cancel();
  graceful.loop.advance(5s - 1ns);
  CHECK(graceful.asked == 1);
  CHECK(task.is_running());
  graceful.loop.advance(1ns);
  CHECK(task.outcome().error().message == "disk full");
  CHECK(!graceful.loop.clock().earliest());
}

SCENARIO("work that does not end in its grace is cancelled") {
  Graceful graceful;
  auto task = graceful.loop.start(graceful.run(forever()));
  task.cancel();
  graceful.loop.advance(10s - 1ns);
  CHECK(task.is_running());
  graceful.loop.advance(1ns);
  CHECK(task.outcome().error().fault == Fault::Cancelled);
}

SCENARIO("a second cancellation ends the grace") {
  Graceful graceful;
  auto task = graceful.loop.start(graceful.run(forever()));
  task.cancel();
  graceful.loop.settle();
  CHECK(task.is_running());
  task.cancel();
  graceful.loop.settle();
  CHECK(task.outcome().error().fault == Fault::Cancelled);
  CHECK(graceful.asked == 1);
  CHECK(!graceful.loop.clock().earliest());
}

SCENARIO("a caller that was stopped throws at its next await, unless it does not at all") {
  Graceful graceful;
  bool went_on = false;
  auto task = graceful.loop.start(
      told_after(graceful.run(lasting(graceful.loop.clock(), 1s, ok)), went_on));
  task.cancel();
  graceful.loop.advance(1s);
  CHECK(task.outcome().error().fault == Fault::Cancelled);
  CHECK(!went_on);
  auto steady =
      graceful.loop.start(not_throwing(graceful.run(lasting(graceful.loop.clock(), 1s, ok))));
  steady.cancel();
  graceful.loop.advance(1s);
  CHECK(steady.outcome().error().message == "went on");
}

SCENARIO("a loop may be destroyed while work has its grace") {
  Graceful graceful;
  auto task = graceful.loop.start(graceful.run(forever()));
  task.cancel();
  graceful.loop.settle();
  CHECK(task.is_running());
}
