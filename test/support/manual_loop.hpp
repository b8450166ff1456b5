#pragma once
#include "test/support/manual_clock.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

/// A loop whose time is moved by hand. It must outlive the tasks that it started.
class ManualLoop {
 public:
  /// A task that runs on the loop: its outcome, and a way to cancel it.
  template <class T>
  class Started {
   public:
    bool is_running() const { return state_->running; }
    Result<T> const& outcome() const { return state_->outcome; }
    void cancel() {
      if (state_->running) state_->signal.emit(asio::cancellation_type::terminal);
    }

   private:
    friend ManualLoop;
    struct State {
      bool running = true;
      Result<T> outcome = permanent("still running");
      asio::cancellation_signal signal;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
  };

  ManualClock& clock() { return clock_; }
  asio::any_io_executor executor() { return loop_.get_executor(); }

  /// Starts `task`, and runs the loop until all wait.
  template <class T>
  Started<T> start(Task<T> task) {
    Started<T> started;
    asio::co_spawn(
        loop_, guarded(std::move(task)),
        asio::bind_cancellation_slot(
            started.state_->signal.slot(),
            [state = started.state_](std::exception_ptr const& escaped, Result<T> ended) {
              state->running = false;
              state->outcome = outcome_of(escaped, std::move(ended));
            }));
    settle();
    return started;
  }

  /// Runs until all wait for time, for each other or for the world outside.
  void settle() {
    loop_.restart();  // or it would stay stopped once it ran out of work
    loop_.poll();
  }

  /// Runs until the world outside has brought about what is told, for at most so long as no test
  /// should last. Whether it has.
  bool until(auto const& happened) {
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!happened()) {
      loop_.restart();
      if (loop_.run_one_until(end) == 0) return false;
    }
    settle();  // a cancellation may still be on its way to a task that has ended
    return true;
  }

  /// Moves time from one instant that somebody waits for to the next, and runs what each wakes.
  void advance(Clock::Duration by) {
    settle();
    auto const end = later(clock_.now(), by);
    for (auto next = clock_.earliest(); next && *next <= end; next = clock_.earliest()) {
      clock_.advance(*next - clock_.now());
      settle();
    }
    clock_.advance(end - clock_.now());
  }

 private:
  ManualClock clock_;
  asio::io_context loop_;
};
