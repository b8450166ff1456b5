#include "common/valkey/pool.hpp"

#include "test/support/listener.hpp"
#include "test/support/manual_loop.hpp"
#include "test/support/run.hpp"

#include <catch2/catch_test_macros.hpp>

using valkey::Access;
using valkey::Command;
using valkey::Pool;
using valkey::PoolSettings;

namespace {

using namespace std::chrono_literals;

Access access(std::string password = "s3cret") {
  return {.credentials = {.user = "op", .password = Secret{std::move(password)}},
          .tls = nullptr,
          .server_name = {}};
}

/// Welcomes everybody, and answers each PING with how many have come by then.
Task<> converse(net::Stream stream, int number) {
  CO_TRY(co_await read_until(stream, "valkey-operator\r\n"));
  CO_TRY(co_await stream.write("%1\r\n+proto\r\n:3\r\n"));
  while (true) {
    CO_TRY(auto const asked, co_await read_until(stream, "\r\n"));
    if (asked == "QUIT\r\n") co_return ok;
    if (asked == "PING\r\n") CO_TRY(co_await stream.write(":" + std::to_string(number) + "\r\n"));
  }
}

Task<> told_of_nobody(Task<> conversation) {
  (void)co_await guarded(std::move(conversation));
  co_return ok;
}

Task<> welcome_all(Listener& listener, TaskGroup& group) {
  for (int number = 1;; ++number) {
    CO_TRY(auto stream, co_await listener.next());
    group.spawn(told_of_nobody(converse(std::move(stream), number)));
  }
}

/// The number of the connection that a loan is of.
Task<std::int64_t> number_of(Pool::Loan& loan) {
  std::vector<Command> ping(1, Command{"PING"});
  CO_TRY(auto const replies, co_await loan->exchange(std::move(ping), 5s));
  co_return valkey::integer_of(replies.front());
}

Task<std::int64_t> number_borrowed(Pool& pool, net::Endpoint node, Access by = access()) {
  CO_TRY(auto loan, co_await pool.borrow(std::move(node), std::move(by)));
  co_return co_await number_of(loan);
}

using Work = std::function<Task<>(Pool&, net::Endpoint, ManualClock&)>;

Task<> worked(Pool& pool, net::Endpoint node, ManualClock& clock, Work const& work) {
  CO_TRY(co_await work(pool, std::move(node), clock));
  co_return cancelled();  // so that nobody is welcomed any more
}

Task<> stage(Work work, PoolSettings settings) {
  Listener listener{co_await asio::this_coro::executor};
  ManualClock clock;
  Pool pool{clock, settings};
  auto const outcome =
      co_await within(5s, together([&](TaskGroup& group) {
                        group.spawn(welcome_all(listener, group));
                        group.spawn(worked(pool, listener.endpoint(), clock, work));
                      }));
  CHECK((outcome ? "" : outcome.error().message) == "cancelled");
  co_return ok;
}

void play(Work work, PoolSettings settings = {}) {
  auto const staged = run(stage(std::move(work), settings));
  REQUIRE(staged);
}

}  // namespace

SCENARIO("a connection that came back is lent again") {
  play([](Pool& pool, net::Endpoint node, ManualClock&) -> Task<> {
    CO_TRY(auto const first, co_await number_borrowed(pool, node));
    CHECK(pool.idle() == 1);
    CO_TRY(auto const second, co_await number_borrowed(pool, node));
    CHECK(first == second);
    CHECK(pool.idle() == 1);
    co_return ok;
  });
}

SCENARIO("two borrowers never have the same connection") {
  play([](Pool& pool, net::Endpoint node, ManualClock&) -> Task<> {
    CO_TRY(auto one, co_await pool.borrow(node, access()));
    CO_TRY(auto other, co_await pool.borrow(node, access()));
    CO_TRY(auto const first, co_await number_of(one));
    CO_TRY(auto const second, co_await number_of(other));
    CHECK(first != second);
    other = std::move(one);  // gives the other back
    CHECK(pool.idle() == 1);
    CO_TRY(auto const still, co_await number_of(other));
    CHECK(still == first);
    co_return ok;
  });
}

SCENARIO("no more than a few connections of a node are kept") {
  play(
      [](Pool& pool, net::Endpoint node, ManualClock&) -> Task<> {
        {
          CO_TRY(auto const one, co_await pool.borrow(node, access()));
          CO_TRY(auto const two, co_await pool.borrow(node, access()));
          CO_TRY(auto const three, co_await pool.borrow(node, access()));
        }
        CHECK(pool.idle() == 2);
        co_return ok;
      },
      {.limits = {}, .most_idle = 2});
}

SCENARIO("who logs in with something else gets a connection of its own", "[H45]") {
  play([](Pool& pool, net::Endpoint node, ManualClock&) -> Task<> {
    CO_TRY(auto const before, co_await number_borrowed(pool, node, access("old")));
    CO_TRY(auto const after, co_await number_borrowed(pool, node, access("new")));
    CHECK(before != after);
    co_return ok;
  });
}

SCENARIO("a connection that was idle for too long is not lent again") {
  play([](Pool& pool, net::Endpoint node, ManualClock& clock) -> Task<> {
    CO_TRY(auto const first, co_await number_borrowed(pool, node));
    clock.advance(29s);
    CO_TRY(auto const second, co_await number_borrowed(pool, node));
    CHECK(first == second);
    clock.advance(30s);
    CO_TRY(auto const third, co_await number_borrowed(pool, node));
    CHECK(third != second);
    co_return ok;
  });
}

SCENARIO("a connection on which an exchange failed is not kept") {
  play([](Pool& pool, net::Endpoint node, ManualClock&) -> Task<> {
    {
      CO_TRY(auto loan, co_await pool.borrow(node, access()));
      std::vector<Command> quit(1, Command{"QUIT"});
      auto const answered = co_await loan->exchange(std::move(quit), 5s);
      CHECK_FALSE(answered);
    }
    CHECK(pool.idle() == 0);
    co_return ok;
  });
}

SCENARIO("what is idle for too long is closed although nobody asks") {
  ManualLoop loop;
  Listener listener{loop.executor()};
  Pool pool{loop.clock()};
  auto const peer = loop.start([](Listener& from) -> Task<> {
    CO_TRY(auto stream, co_await from.next());
    co_return co_await converse(std::move(stream), 1);
  }(listener));
  auto const borrowed = loop.start(number_borrowed(pool, listener.endpoint()));
  REQUIRE(loop.until([&] { return !borrowed.is_running(); }));
  CHECK(pool.idle() == 1);
  auto tending = loop.start(pool.tend());
  loop.advance(29s);
  CHECK(pool.idle() == 1);
  loop.advance(9s);
  CHECK(pool.idle() == 0);
  CHECK(loop.until([&] { return !peer.is_running(); }));
  tending.cancel();
  CHECK(loop.until([&] { return !tending.is_running(); }));
}

SCENARIO("a loan of nothing gives nothing back") {
  Pool::Loan nothing;
  nothing = Pool::Loan{};
  Pool const pool{system_clock()};
  CHECK(pool.idle() == 0);
}
