#include "common/async/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <list>
#include <optional>

struct TaskGroup::Children {
  explicit Children(asio::any_io_executor const& executor) : all_gone{executor} {}

  void cancel() {
    cancelled = true;
    for (auto& child : running) child.emit(asio::cancellation_type::terminal);
  }

  void fail(Error failure) {
    if (!first_failure) first_failure = std::move(failure);
    if (!cancelled) cancel();  // once: a second time would disturb those that clean up
  }

  asio::steady_timer all_gone;
  std::list<asio::cancellation_signal> running;
  std::optional<Error> first_failure;
  bool cancelled = false;
};

namespace {

/// Asio's last step for a child that never had to wait would throw if the child was cancelled.
Task<> child(Task<> task) {
  auto outcome = co_await guarded(std::move(task));
  co_await asio::this_coro::throw_if_cancelled(false);
  co_return outcome;
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor const& executor)
    : children_{std::make_shared<Children>(executor)} {}

TaskGroup::~TaskGroup() { children_->cancel(); }

void TaskGroup::spawn(Task<> task) {
  if (children_->cancelled) {
    children_->fail(cancelled().error());
    return;
  }
  auto const signal = children_->running.emplace(children_->running.end());
  // Lives in the completion handler, and ends with the child even when its loop is destroyed.
  std::shared_ptr<void> running{nullptr, [children = children_, signal](void*) {
                                  children->running.erase(signal);
                                  if (children->running.empty()) children->all_gone.cancel();
                                }};
  auto ended = [children = children_, running = std::move(running)](std::exception_ptr,
                                                                    Result<> outcome) mutable {
    running.reset();
    if (!outcome) children->fail(std::move(outcome).error());
  };
  asio::co_spawn(children_->all_gone.get_executor(), child(std::move(task)),
                 asio::bind_cancellation_slot(signal->slot(), std::move(ended)));
}

void TaskGroup::cancel() { children_->cancel(); }

Task<> TaskGroup::join() {
  bool const throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  while (true) {
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) cancel();
    if (children_->running.empty()) break;
    children_->all_gone.expires_at(asio::steady_timer::time_point::max());
    co_await children_->all_gone.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (auto const& failure = children_->first_failure) co_return Failure{*failure};
  co_return ok;
}
