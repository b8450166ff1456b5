#include "common/async/threads.hpp"

#include "common/async/within.hpp"
#include "test/support/run.hpp"

#include <catch2/catch_test_macros.hpp>
#include <thread>

namespace {

using namespace std::chrono_literals;

Task<> note(std::thread::id& where, Result<> outcome) {
  where = std::this_thread::get_id();
  co_return outcome;
}

}  // namespace

TEST_CASE("work on a thread of its own ends as it does") {
  std::thread::id where;
  CHECK(run(on_own_thread([&] { return note(where, ok); })));
  CHECK(where != std::this_thread::get_id());
  CHECK(where != std::thread::id{});
  auto const failed = run(on_own_thread([&] { return note(where, invalid("no")); }));
  CHECK(failed.error().message == "no");
}

TEST_CASE("work on a thread of its own that throws has failed") {
  auto const failed = run(on_own_thread([]() -> Task<> { throw std::runtime_error{"boom"}; }));
  CHECK(failed.error().message == "unexpected exception: boom");
}

TEST_CASE("cancelling who waits cancels the work, and waits until it is gone") {
  bool is_gone = false;
  auto const waiting = [&]() -> Task<> {
    return [](bool& gone) -> Task<> {
      std::shared_ptr<void> const ends{nullptr, [&gone](void*) { gone = true; }};
      co_return co_await expiry(system_clock(), 1min);
    }(is_gone);
  };
  auto const ended = run(within(10ms, on_own_thread(waiting)));
  CHECK_FALSE(ended);
  CHECK(is_gone);
}

TEST_CASE("several threads end together when one of them fails") {
  auto const ended = run(together([](TaskGroup& group) {
    for (int index = 0; index < 3; ++index)
      group.spawn(on_own_thread([index]() -> Task<> {
        return [](int which) -> Task<> {
          if (which == 1) co_return permanent("one failed");
          co_return co_await expiry(system_clock(), 1min);
        }(index);
      }));
  }));
  CHECK(ended.error().message == "one failed");
}

TEST_CASE("work that is cancelled before it has begun is cancelled") {
  for (int round = 0; round < 50; ++round) {
    auto const ended = run(together([](TaskGroup& group) {
      group.spawn(on_own_thread([] { return expiry(system_clock(), 1min); }));
      group.spawn([]() -> Task<> { co_return permanent("at once"); }());
    }));
    CHECK(ended.error().message == "at once");
  }
}
