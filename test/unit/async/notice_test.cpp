#include "common/async/notice.hpp"

#include "test/support/manual_loop.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;

SCENARIO("a notice wakes all who wait for it") {
  ManualLoop loop;
  Notice notice;
  auto const one = loop.start(notice.after(notice.given()));
  auto const other = loop.start(notice.after(notice.given()));
  CHECK(one.is_running());
  notice.give();
  loop.settle();
  CHECK(one.outcome());
  CHECK(other.outcome());
}

SCENARIO("a notice that was given before the wait is not missed, and an old one does not count") {
  ManualLoop loop;
  Notice notice;
  auto const seen = notice.given();
  notice.give();
  CHECK(loop.start(notice.after(seen)).outcome());
  CHECK(loop.start(notice.after(notice.given())).is_running());
}

SCENARIO("a wait for a notice can be cancelled, and others wait on") {
  ManualLoop loop;
  Notice notice;
  auto one = loop.start(notice.after(0));
  auto const other = loop.start(notice.after(0));
  one.cancel();
  loop.settle();
  CHECK(one.outcome().error().fault == Fault::Cancelled);
  CHECK(other.is_running());
}

SCENARIO("a wait for a notice ends at its time if none is given") {
  ManualLoop loop;
  Notice notice;
  auto const until = loop.clock().now() + 2s;
  auto const timed = loop.start(notice.after(0, loop.clock(), until));
  auto const endless = loop.start(notice.after(0, loop.clock(), std::nullopt));
  loop.advance(1s);
  CHECK(timed.is_running());
  loop.advance(1s);
  CHECK(timed.outcome());
  CHECK(endless.is_running());
  CHECK(loop.start(notice.after(0, loop.clock(), until)).outcome());
  notice.give();
  loop.settle();
  CHECK(endless.outcome());
}

SCENARIO("a wait with a time ends when a notice is given, or when it is cancelled") {
  ManualLoop loop;
  Notice notice;
  auto const until = loop.clock().now() + 2s;
  auto const given = loop.start(notice.after(0, loop.clock(), until));
  notice.give();
  loop.settle();
  CHECK(given.outcome());
  auto stopped = loop.start(notice.after(notice.given(), loop.clock(), until));
  stopped.cancel();
  loop.settle();
  CHECK(stopped.outcome().error().fault == Fault::Cancelled);
  CHECK_FALSE(loop.clock().earliest());
}
