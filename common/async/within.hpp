#pragma once
#include "common/async/clock.hpp"
#include "common/async/task_group.hpp"

/// How long work may take.
using Limit = Clock::Duration;

/// Fails as Transient once `limit` has passed: "no answer within 2 s".
Task<> expiry(Clock& clock, Limit limit);

/// Gives `work` until `limit`, then cancels it and waits until it is gone. Work that ends with an
/// outcome of its own keeps it, however late; only when it was cancelled there is no answer.
template <class T>
Task<T> within(Clock& clock, Limit limit, Task<T> work) {
  auto const recorded = [](Task<T> task, Result<T>& outcome) -> Task<> {
    outcome = co_await guarded(std::move(task));
    co_return cancelled();  // so that nothing waits for the limit
  };
  Result<T> outcome = cancelled();
  auto const first = co_await together([&](TaskGroup& group) {
    group.spawn(expiry(clock, limit));
    group.spawn(recorded(std::move(work), outcome));
  });
  bool const late = !first && first.error().fault == Fault::Transient;
  bool const answered = outcome || outcome.error().fault != Fault::Cancelled;
  if (late && !answered) co_return Failure{first.error()};
  co_return outcome;
}

/// The same by the system's clock.
template <class T>
Task<T> within(Limit limit, Task<T> work) {
  return within(system_clock(), limit, std::move(work));
}
