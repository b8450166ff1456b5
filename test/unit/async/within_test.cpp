#include "common/async/within.hpp"

#include "test/support/cancellable.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <boost/asio/as_tuple.hpp>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <stdexcept>

namespace {

using namespace std::chrono_literals;

Task<int> answer() {
  CO_TRY(co_await one_turn());
  co_return 42;
}

Task<int> conflicting() {
  CO_TRY(co_await one_turn());
  co_return conflict("written by someone else");
}

Task<> throwing() {
  CO_TRY(co_await one_turn());
  throw std::runtime_error{"boom"};
}

/// Goes on until it is cancelled, and then has something to say all the same.
template <class Outcome>
Task<int> late(Outcome outcome) {
  co_await asio::this_coro::throw_if_cancelled(false);
  asio::steady_timer never{co_await asio::this_coro::executor,
                           asio::steady_timer::time_point::max()};
  co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return outcome;
}

}  // namespace

SCENARIO("work that ends in time keeps its outcome") {
  CHECK(run(within(1h, answer())).value() == 42);
  CHECK(run(within(1h, conflicting())).error().fault == Fault::Conflict);
  CHECK(run(within(1h, throwing())).error().message == "unexpected exception: boom");
  CHECK(run(within(Limit::max(), answer())).value() == 42);
}

SCENARIO("what cannot be copied comes out of it") {
  auto const boxed = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(42); };
  CHECK(*run(within(1h, boxed())).value() == 42);
}

SCENARIO("work that misses its deadline is cancelled, and the error tells the limit") {
  CHECK(run(within(0s, forever())).error() == Error{Fault::Transient, "no answer within 0 s"});
  CHECK(run(within(1ms, forever())).error().message == "no answer within 0.001 s");
}

SCENARIO("work that has an outcome in spite of its deadline keeps it") {
  CHECK(run(within(0s, late(42))).value() == 42);
  CHECK(run(within(0s, late(permanent("disk full")))).error().message == "disk full");
}

SCENARIO("of two deadlines the earlier one counts") {
  CHECK(run(within(1h, within(0s, forever()))).error().message == "no answer within 0 s");
  CHECK(run(within(0s, within(1h, forever()))).error().message == "no answer within 0 s");
}

SCENARIO("work whose caller is cancelled is cancelled") {
  Cancellable task{within(1h, forever())};
  task.proceed();
  task.cancel();
  CHECK(task.outcome().error().fault == Fault::Cancelled);
}

SCENARIO("work that is cancelled while it starts does not wait in vain") {
  auto const work = [](TaskGroup& group) -> Task<> {
    group.cancel();
    co_return co_await forever();
  };
  auto const outcome =
      run(within(1h, together([&](TaskGroup& group) { group.spawn(within(1h, work(group))); })));
  CHECK(outcome.error().fault == Fault::Cancelled);
}
