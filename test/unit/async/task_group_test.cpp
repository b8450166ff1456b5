#include "common/async/task_group.hpp"

#include "test/support/cancellable.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

namespace {

Task<> failing(Fault fault) {
  CO_TRY(co_await one_turn());
  co_return Failure{Error{fault, "failed"}};
}

Task<> some_turns(int turns) {
  for (int turn = 0; turn < turns; ++turn) CO_TRY(co_await one_turn());
  co_return ok;
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

/// Takes a copy when it goes.
struct LastLook {
  std::string const& source;
  std::string& target;
  LastLook(std::string const& from, std::string& to) : source{from}, target{to} {}
  LastLook(LastLook const&) = delete;
  LastLook& operator=(LastLook const&) = delete;
  ~LastLook() { target = source; }
};

Task<> two_counted(int& departures) {
  return together([&departures](TaskGroup& group) {
    group.spawn(counted(departures));
    group.spawn(counted(departures));
  });
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

}  // namespace

SCENARIO("a group ends well when all its children do") {
  CHECK(run(together([](TaskGroup& group) {
    for (auto const turns : {1, 2, 3}) group.spawn(some_turns(turns));
  })));
}

SCENARIO("a group without children ends well") {
  CHECK(run(together([](TaskGroup&) {})));
}

SCENARIO("the first failure ends the group and is what it reports") {
  auto const parent = [](Fault first, Fault second) {
    return together([=](TaskGroup& group) {
      group.spawn(forever());
      group.spawn(failing(first));
      group.spawn(failing(second));
    });
  };
  CHECK(run(parent(Fault::Conflict, Fault::Permanent)).error().fault == Fault::Conflict);
  CHECK(run(parent(Fault::Cancelled, Fault::Permanent)).error().fault == Fault::Cancelled);
}

SCENARIO("what starts the children may fail, and those that it started still end first") {
  int departures = 0;
  auto const outcome = run(together([&departures](TaskGroup& group) {
    group.spawn(counted(departures));
    throw std::runtime_error{"boom"};
  }));
  CHECK(outcome.error() == Error{Fault::Permanent, "unexpected exception: boom"});
  CHECK(departures == 1);
}

SCENARIO("a cancelled parent waits for its children") {
  int departures = 0;
  Cancellable task{two_counted(departures)};
  task.proceed();
  CHECK(departures == 0);
  task.cancel();
  CHECK(task.outcome().error().fault == Fault::Cancelled);
  CHECK(departures == 2);
}

SCENARIO("a parent that is cancelled as its children start does not leave before them") {
  auto const child = [](std::string const& lent, std::string& seen) -> Task<> {
    LastLook const look{lent, seen};
    co_return co_await forever();
  };
  asio::cancellation_signal signal;
  std::string seen;
  auto const parent = [](auto make_child, auto& signal, std::string& seen) -> Task<> {
    std::string const lent = "a local of the parent, too long to stand anywhere but on the heap";
    co_return co_await together([&](TaskGroup& group) {
      group.spawn(make_child(lent, seen));
      signal.emit(asio::cancellation_type::terminal);
    });
  };
  asio::io_context loop;
  Result<> outcome = permanent("still running");
  asio::co_spawn(loop, guarded(parent(child, signal, seen)),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&](std::exception_ptr const& escaped, Result<> ended) {
                       outcome = outcome_of(escaped, std::move(ended));
                     }));
  loop.run();
  CHECK(outcome.error().fault == Fault::Cancelled);
  CHECK(seen.starts_with("a local of the parent"));
}

SCENARIO("a parent that was cancelled while its children ended throws at its next await") {
  auto const parent = [](int& departures, bool& went_on) -> Task<> {
    auto const outcome = co_await two_counted(departures);
    CHECK(outcome.error().fault == Fault::Cancelled);
    CHECK(departures == 2);
    CO_TRY(co_await one_turn());
    went_on = true;
    co_return ok;
  };
  int departures = 0;
  bool went_on = false;
  Cancellable task{parent(departures, went_on)};
  task.proceed();
  task.cancel();
  CHECK(task.outcome().error().fault == Fault::Cancelled);
  CHECK(!went_on);
}

SCENARIO("a parent that does not throw when it is cancelled still does not") {
  auto const parent = [](int& departures) -> Task<> {
    co_await asio::this_coro::throw_if_cancelled(false);
    (void)co_await two_counted(departures);
    CO_TRY(co_await one_turn());
    co_return conflict("went on");
  };
  int departures = 0;
  Cancellable task{parent(departures)};
  task.proceed();
  task.cancel();
  CHECK(task.outcome().error().fault == Fault::Conflict);
}

SCENARIO("a cancelled group reports that it was") {
  CHECK(run(together([](TaskGroup& group) {
          group.spawn(forever());
          group.cancel();
        }))
            .error()
            .fault == Fault::Cancelled);
}

SCENARIO("a parent that is cancelled twice passes both on") {
  Cancellable task{together([](TaskGroup& group) { group.spawn(stubborn()); })};
  task.proceed();
  task.cancel();
  CHECK(task.is_running());
  task.cancel();
  CHECK(task.outcome().error() == Error{Fault::Transient, "stubborn"});
}

SCENARIO("a child that cleans up is not disturbed by the ends of others") {
  Cancellable task{together([](TaskGroup& group) {
    group.spawn(stubborn());
    group.spawn(forever());
    group.spawn(forever());
  })};
  task.proceed();
  task.cancel();
  CHECK(task.is_running());
  task.cancel();
  CHECK(task.outcome().error().fault == Fault::Cancelled);
}

SCENARIO("a parent that was cancelled before it has children does not wait in vain") {
  auto const parent = []() -> Task<> {
    co_await asio::this_coro::throw_if_cancelled(false);
    asio::steady_timer never{co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max()};
    co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return co_await together([](TaskGroup& group) { group.spawn(forever()); });
  };
  Cancellable task{parent()};
  task.proceed();
  task.cancel();
  CHECK(task.outcome().error().fault == Fault::Cancelled);
}

SCENARIO("a cancelled group takes no more children") {
  bool started = false;
  auto const child = [](bool& mark) -> Task<> {
    mark = true;
    co_return ok;
  };
  auto const outcome = run(together([&](TaskGroup& group) {
    group.cancel();
    group.spawn(child(started));
  }));
  CHECK(outcome.error().fault == Fault::Cancelled);
  CHECK(!started);
}

SCENARIO("a child that ends its own group without ever waiting is waited for") {
  auto const child = [](TaskGroup& group) -> Task<> {
    group.cancel();
    co_return ok;
  };
  CHECK(run(together([&](TaskGroup& group) { group.spawn(child(group)); })));
}

SCENARIO("a child may spawn another into its own group") {
  auto const child = [](TaskGroup& group) -> Task<> {
    CO_TRY(co_await one_turn());
    group.spawn(failing(Fault::NotFound));
    co_return ok;
  };
  auto const outcome = run(together([&](TaskGroup& group) { group.spawn(child(group)); }));
  CHECK(outcome.error().fault == Fault::NotFound);
}

SCENARIO("a loop may be destroyed while a group waits") {
  int departures = 0;
  {
    asio::io_context loop;
    asio::co_spawn(loop, two_counted(departures), [](std::exception_ptr, Result<>) {});
    loop.poll();
  }
  CHECK(departures == 2);
}
