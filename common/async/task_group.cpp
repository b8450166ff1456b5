#include "common/async/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <optional>
#include <vector>

struct TaskGroup::Children {
  explicit Children(asio::any_io_executor const& executor)
      : all_gone{executor, asio::steady_timer::time_point::max()} {}

  void cancel() {
    cancelled = true;
    auto const told = running;  // whoever is told may end at once, and so leave `running`
    for (auto const& child : told) child->emit(asio::cancellation_type::terminal);
  }

  void fail(Error failure) {
    if (!first_failure) first_failure = std::move(failure);
    if (!cancelled) cancel();  // once: a second time would disturb those that clean up
  }

  asio::steady_timer all_gone;  ///< never expires: cancelling it wakes who waits
  std::vector<std::shared_ptr<asio::cancellation_signal>> running;
  std::optional<Error> first_failure;
  bool cancelled = false;
};

namespace {

/// A child itself, so that the group outlives the others even when it throws.
Task<> starting(std::move_only_function<void(TaskGroup&)> start, TaskGroup& group) {
  start(group);
  co_return ok;
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor const& executor)
    : children_{std::make_shared<Children>(executor)} {}

void TaskGroup::spawn(Task<> task) {
  if (children_->cancelled) {
    children_->fail(cancelled().error());
    return;
  }
  auto const signal = std::make_shared<asio::cancellation_signal>();
  children_->running.push_back(signal);
  // Lives in the completion handler, and ends with the child even when its loop is destroyed.
  std::shared_ptr<void> running{nullptr, [children = children_, signal](void*) {
                                  std::erase(children->running, signal);
                                  if (children->running.empty()) children->all_gone.cancel();
                                }};
  auto ended = [children = children_, running = std::move(running)](
                   std::exception_ptr const& escaped, Result<> ended) mutable {
    running.reset();
    auto outcome = outcome_of(escaped, std::move(ended));
    if (!outcome) children->fail(std::move(outcome).error());
  };
  asio::co_spawn(children_->all_gone.get_executor(), at_edge(std::move(task)),
                 asio::bind_cancellation_slot(signal->slot(), std::move(ended)));
}

void TaskGroup::cancel() { children_->cancel(); }

/// Each cancellation of the caller ends the wait once, and is passed on.
Task<> TaskGroup::join() {
  while (true) {
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) cancel();
    if (children_->running.empty()) break;
    co_await children_->all_gone.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  if (auto const& failure = children_->first_failure) co_return Failure{*failure};
  co_return ok;
}

Task<> together(std::move_only_function<void(TaskGroup&)> start) {
  bool const throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);  // or an await could leave without joining
  TaskGroup group{co_await asio::this_coro::executor};
  group.spawn(starting(std::move(start), group));
  auto outcome = co_await group.join();
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return outcome;
}
