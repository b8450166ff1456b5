#include "common/async/threads.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

namespace {

/// Called by the loop that it is to run on.
Task<> begun(std::function<Task<>()> work) { co_return co_await work(); }

/// A loop and its thread, which does not outlive it.
class Loop {
 public:
  Loop(asio::any_io_executor home, std::function<Task<>()> work)
      : gone_{home, asio::steady_timer::time_point::max()}, home_{std::move(home)} {
    thread_ = std::thread{[this, work = std::move(work)]() mutable { run(std::move(work)); }};
  }
  Loop(Loop const&) = delete;
  Loop& operator=(Loop const&) = delete;
  ~Loop() {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
  }

  void cancel() {
    asio::post(loop_, [this] {
      is_cancelled_ = true;
      stop_.emit(asio::cancellation_type::terminal);
    });
  }

  Task<> join() {
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!is_gone_) {
      auto const state = co_await asio::this_coro::cancellation_state;
      if (state.cancelled() != asio::cancellation_type::none) cancel();
      co_await gone_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return outcome_;
  }

 private:
  void run(std::function<Task<>()> work) {
    // By the loop: a task that was cancelled before it could begin would end in an exception.
    asio::post(loop_, [this, work = std::move(work)]() mutable { begin(std::move(work)); });
    loop_.run();
    asio::post(home_, [this] {
      is_gone_ = true;
      gone_.cancel();
    });
  }

  void begin(std::function<Task<>()> work) {
    if (is_cancelled_) {
      outcome_ = cancelled();
      return;
    }
    asio::co_spawn(loop_, at_edge(begun(std::move(work))),
                   asio::bind_cancellation_slot(
                       stop_.slot(), [this](std::exception_ptr const& escaped, Result<> ended) {
                         outcome_ = outcome_of(escaped, std::move(ended));
                       }));
  }

  asio::cancellation_signal stop_;  ///< belongs to the thread, as the next do
  bool is_cancelled_ = false;
  Result<> outcome_ = permanent("the work was abandoned");
  asio::io_context loop_{1};
  asio::steady_timer gone_;  ///< never expires: cancelling it wakes who waits
  asio::any_io_executor home_;
  bool is_gone_ = false;  ///< belongs to home
  std::thread thread_;
};

}  // namespace

Task<> on_own_thread(std::function<Task<>()> work) {
  Loop loop{co_await asio::this_coro::executor, std::move(work)};
  co_return co_await loop.join();
}
