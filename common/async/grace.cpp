#include "common/async/grace.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <memory>

namespace {

/// The work and the alarm that ends its grace; each stops the other.
struct Pair {
  explicit Pair(asio::any_io_executor const& executor)
      : all_gone{executor, asio::steady_timer::time_point::max()} {}

  asio::steady_timer all_gone;  ///< never expires: cancelling it wakes who waits
  asio::cancellation_signal work;
  asio::cancellation_signal alarm;
  Result<> outcome = cancelled();
  bool is_working = true;
  bool is_alarmed = false;
};

void start_work(std::shared_ptr<Pair> const& pair, Task<> work) {
  asio::co_spawn(pair->all_gone.get_executor(), at_edge(std::move(work)),
                 asio::bind_cancellation_slot(
                     pair->work.slot(), [pair](std::exception_ptr const& escaped, Result<> ended) {
                       pair->is_working = false;
                       pair->outcome = outcome_of(escaped, std::move(ended));
                       pair->alarm.emit(asio::cancellation_type::terminal);
                       if (!pair->is_alarmed) pair->all_gone.cancel();
                     }));
}

void start_alarm(std::shared_ptr<Pair> const& pair, Task<> alarm) {
  pair->is_alarmed = true;
  asio::co_spawn(pair->all_gone.get_executor(), at_edge(std::move(alarm)),
                 asio::bind_cancellation_slot(pair->alarm.slot(),
                                              [pair](std::exception_ptr const&, Result<> const&) {
                                                pair->is_alarmed = false;
                                                pair->work.emit(asio::cancellation_type::terminal);
                                                if (!pair->is_working) pair->all_gone.cancel();
                                              }));
}

}  // namespace

Task<> with_grace(Clock& clock, Clock::Duration grace, std::move_only_function<void()> ask,
                  Task<> work) {
  bool const throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);  // or an await could leave without the work
  auto const pair = std::make_shared<Pair>(co_await asio::this_coro::executor);
  start_work(pair, std::move(work));
  bool asked = false;
  while (pair->is_working || pair->is_alarmed) {
    auto const state = co_await asio::this_coro::cancellation_state;
    if (asked) {
      pair->work.emit(asio::cancellation_type::terminal);  // woken a second time
    } else if (state.cancelled() != asio::cancellation_type::none) {
      asked = true;
      ask();
      start_alarm(pair, clock.until(later(clock.now(), grace)));
    }
    co_await pair->all_gone.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return pair->outcome;
}
