#pragma once
#include "common/async/task_group.hpp"

#include <chrono>

/// How long work may take.
using Limit = std::chrono::steady_clock::duration;

/// Fails as Transient once `limit` has passed: "no answer within 2 s".
Task<> expiry(Limit limit);

/// Gives `work` until `limit`, then cancels it and waits until it is gone. Work that ends with an
/// outcome of its own keeps it, however late; only when it was cancelled there is no answer.
template <class T>
Task<T> within(Limit limit, Task<T> work) {
  auto const recorded = [](Task<T> task, Result<T>& outcome) -> Task<> {
    outcome = co_await guarded(std::move(task));
    co_return cancelled();  // so that nothing waits for the limit
  };
  Result<T> outcome = cancelled();
  auto const first = co_await together([&](TaskGroup& group) {
    group.spawn(expiry(limit));
    group.spawn(recorded(std::move(work), outcome));
  });
  bool const late = !first && first.error().fault == Fault::Transient;
  bool const answered = outcome || outcome.error().fault != Fault::Cancelled;
  if (late && !answered) co_return Failure{first.error()};
  co_return outcome;
}
