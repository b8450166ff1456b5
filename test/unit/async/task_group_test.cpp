#include "common/async/task_group.hpp"

#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;

Task<> failing(Fault fault) {
  CO_TRY(co_await one_turn());
  co_return Failure{Error{fault, "failed"}};
}

/// Counts the tasks that were left, whichever way.
struct Departure {
  int& count;
  explicit Departure(int& departures) : count{departures} {}
  Departure(Departure const&) = delete;
  Departure& operator=(Departure const&) = delete;
  ~Departure() { ++count; }
};

Task<> counted(int& departures) {
  Departure const departure{departures};
  co_return co_await forever();
}

Task<> parent_of_two(int& departures) {
  TaskGroup group{co_await asio::this_coro::executor};
  group.spawn(counted(departures));
  group.spawn(counted(departures));
  co_return co_await group.join();
}

/// Ends at the second cancellation.
Task<> stubborn() {
  co_await asio::this_coro::throw_if_cancelled(false);
  asio::steady_timer never{co_await asio::this_coro::executor,
                           asio::steady_timer::time_point::max()};
  co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
  co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return transient("stubborn");
}

Task<> parent_of(Task<> child) {
  TaskGroup group{co_await asio::this_coro::executor};
  group.spawn(std::move(child));
  co_return co_await group.join();
}

}  // namespace

SCENARIO("a group ends well when all its children do") {
  auto const parent = []() -> Task<> {
    TaskGroup group{co_await asio::this_coro::executor};
    for (int children = 0; children < 5; ++children) group.spawn(one_turn());
    co_return co_await group.join();
  };
  CHECK(run(parent()));
}

SCENARIO("a group without children ends at once") {
  auto const parent = []() -> Task<> {
    TaskGroup group{co_await asio::this_coro::executor};
    co_return co_await group.join();
  };
  CHECK(run(parent()));
}

SCENARIO("the first failure ends the group and is what it reports") {
  auto const parent = [](Fault first, Fault second) -> Task<> {
    TaskGroup group{co_await asio::this_coro::executor};
    group.spawn(forever());
    group.spawn(failing(first));
    group.spawn(failing(second));
    co_return co_await group.join();
  };
  CHECK(run(parent(Fault::Conflict, Fault::Permanent)).error().fault == Fault::Conflict);
  CHECK(run(parent(Fault::Cancelled, Fault::Permanent)).error().fault == Fault::Cancelled);
}

SCENARIO("a cancelled parent waits for its children") {
  int departures = 0;
  CHECK(run(within(0s, parent_of_two(departures))).error().fault == Fault::Transient);
  CHECK(departures == 2);
}

SCENARIO("a cancelled group reports that it was") {
  auto const parent = []() -> Task<> {
    TaskGroup group{co_await asio::this_coro::executor};
    group.spawn(forever());
    group.cancel();
    co_return co_await group.join();
  };
  CHECK(run(parent()).error().fault == Fault::Cancelled);
}

SCENARIO("a parent that is cancelled twice passes both on") {
  asio::io_context loop;
  asio::cancellation_signal signal;
  Result<> outcome = permanent("still running");
  asio::co_spawn(
      loop, parent_of(stubborn()),
      asio::bind_cancellation_slot(
          signal.slot(), [&](std::exception_ptr, Result<> ended) { outcome = std::move(ended); }));
  loop.poll();
  signal.emit(asio::cancellation_type::terminal);
  loop.poll();
  CHECK(outcome.error().message == "still running");
  signal.emit(asio::cancellation_type::terminal);
  loop.poll();
  CHECK(outcome.error() == Error{Fault::Transient, "stubborn"});
}

SCENARIO("a child that cleans up is not disturbed by the ends of others") {
  asio::io_context loop;
  asio::cancellation_signal signal;
  Result<> outcome = permanent("still running");
  auto const parent = []() -> Task<> {
    TaskGroup group{co_await asio::this_coro::executor};
    group.spawn(stubborn());
    group.spawn(forever());
    group.spawn(forever());
    co_return co_await group.join();
  };
  asio::co_spawn(
      loop, parent(),
      asio::bind_cancellation_slot(
          signal.slot(), [&](std::exception_ptr, Result<> ended) { outcome = std::move(ended); }));
  loop.poll();
  signal.emit(asio::cancellation_type::terminal);
  loop.poll();
  CHECK(outcome.error().message == "still running");
  signal.emit(asio::cancellation_type::terminal);
  loop.poll();
  CHECK(outcome.error().fault == Fault::Cancelled);
}

SCENARIO("a parent that was cancelled before it joins does not wait in vain") {
  asio::io_context loop;
  asio::cancellation_signal signal;
  Result<> outcome = permanent("still running");
  auto const parent = []() -> Task<> {
    co_await asio::this_coro::throw_if_cancelled(false);
    asio::steady_timer never{co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max()};
    co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return co_await parent_of(forever());
  };
  asio::co_spawn(
      loop, parent(),
      asio::bind_cancellation_slot(
          signal.slot(), [&](std::exception_ptr, Result<> ended) { outcome = std::move(ended); }));
  loop.poll();
  signal.emit(asio::cancellation_type::terminal);
  loop.poll();
  CHECK(outcome.error().fault == Fault::Cancelled);
}

SCENARIO("a cancelled group takes no more children") {
  bool started = false;
  auto const child = [](bool& mark) -> Task<> {
    mark = true;
    co_return ok;
  };
  auto const parent = [](Task<> late) -> Task<> {
    TaskGroup group{co_await asio::this_coro::executor};
    group.cancel();
    group.spawn(std::move(late));
    co_return co_await group.join();
  };
  CHECK(run(parent(child(started))).error().fault == Fault::Cancelled);
  CHECK(!started);
}

SCENARIO("a child that ends its own group without ever waiting is joined") {
  auto const child = [](TaskGroup& group) -> Task<> {
    group.cancel();
    co_return ok;
  };
  auto const parent = [](auto make_child) -> Task<> {
    TaskGroup group{co_await asio::this_coro::executor};
    group.spawn(make_child(group));
    co_return co_await group.join();
  };
  CHECK(run(parent(child)));
}

SCENARIO("a child may spawn another into its own group") {
  auto const child = [](TaskGroup& group) -> Task<> {
    CO_TRY(co_await one_turn());
    group.spawn(failing(Fault::NotFound));
    co_return ok;
  };
  auto const parent = [](auto make_child) -> Task<> {
    TaskGroup group{co_await asio::this_coro::executor};
    group.spawn(make_child(group));
    co_return co_await group.join();
  };
  CHECK(run(parent(child)).error().fault == Fault::NotFound);
}

SCENARIO("a group that is left without join still cancels its children") {
  int departures = 0;
  auto const parent = [](int& count) -> Task<> {
    TaskGroup group{co_await asio::this_coro::executor};
    group.spawn(counted(count));
    co_return permanent("left early");
  };
  CHECK(run(parent(departures)).error().message == "left early");
  CHECK(departures == 1);
}

SCENARIO("a loop may be destroyed while a group waits") {
  int departures = 0;
  {
    asio::io_context loop;
    asio::co_spawn(loop, parent_of_two(departures), [](std::exception_ptr, Result<>) {});
    loop.poll();
  }
  CHECK(departures == 2);
}
