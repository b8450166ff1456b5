#include "common/kube/watch_plan.hpp"

#include <catch2/catch_test_macros.hpp>

using kube::Status;
using kube::WatchEnd;
using kube::WatchPlan;
using Kind = WatchEnd::Kind;
using Step = WatchPlan::Step;
using namespace std::chrono_literals;

namespace {

constexpr WatchPlan::Instant noon{std::chrono::hours{12}};

WatchEnd refused(int code, std::string reason, Kind kind = Kind::Refused) {
  WatchEnd end{.kind = kind, .status = {}};
  end.status.code = code;
  end.status.reason = std::move(reason);
  return end;
}

WatchEnd ended(Kind kind) { return {.kind = kind, .status = {}}; }

/// A plan that has seen a whole list.
WatchPlan watching() {
  WatchPlan plan;
  plan.reached("42");
  return plan;
}

WatchEnd refuses_to_stream() {
  auto end = refused(422, "Invalid");
  end.status.details.causes = {{.reason = "FieldValueForbidden",
                                .message = "sendInitialEvents is forbidden for watch unless the "
                                           "WatchList feature gate is enabled",
                                .field = "sendInitialEvents"}};
  return end;
}

}  // namespace

TEST_CASE("a watch begins with a list that is streamed, then follows from there") {
  WatchPlan plan;
  CHECK(plan.next() == Step::StreamList);
  plan.reached("42");
  CHECK(plan.next() == Step::Watch);
  CHECK(plan.resource_version() == "42");
}

TEST_CASE("a server that can't stream lists is asked for pages, at once and from then on") {
  WatchPlan plan;
  CHECK(plan.ended(refuses_to_stream(), 5ms, noon, 0) == 0s);
  CHECK(plan.next() == Step::PageList);
  plan.reached("42");
  plan.ended(refused(410, "Expired"), 5ms, noon, 0);
  CHECK(plan.next() == Step::PageList);
}

TEST_CASE("a streamed list whose end does not come is asked for in pages, the next is streamed") {
  WatchPlan plan;
  CHECK(plan.ended(ended(Kind::NoEnd), 30s, noon, 0) == 0s);
  CHECK(plan.next() == Step::PageList);
  CHECK(plan.ended(ended(Kind::Lost), 1s, noon, 0) == 800ms);
  CHECK(plan.next() == Step::PageList);
  plan.reached("42");
  plan.ended(refused(410, "Expired"), 5ms, noon, 0);
  CHECK(plan.next() == Step::StreamList);
}

TEST_CASE("a list that fails is asked for again after a pause, the second time in pages") {
  WatchEnd quiet{.status = {}, .brought_news = true};
  for (auto const& end : {quiet, ended(Kind::Lost), ended(Kind::Malformed),
                          refused(500, "InternalError"), refused(403, "Forbidden")}) {
    WatchPlan plan;
    CHECK(plan.ended(end, 5s, noon, 0) == 800ms);
    CHECK(plan.next() == Step::StreamList);
    CHECK(plan.ended(end, 5s, noon, 0) == 1600ms);
    CHECK(plan.next() == Step::PageList);
    CHECK(plan.ended(end, 5s, noon, 0) == 3200ms);
    plan.reached("42");
    CHECK(plan.ended(refused(410, "Gone"), 5s, noon, 0) == 6400ms);
    CHECK(plan.next() == Step::StreamList);
  }
}

TEST_CASE("a list of no version is none") {
  WatchPlan plan;
  plan.reached("");
  CHECK(plan.ended({.status = {}, .brought_news = true}, 1ms, noon, 0) == 800ms);
  CHECK(plan.next() == Step::StreamList);
}

TEST_CASE("a version goes back only with a new list") {
  auto plan = watching();
  plan.reached("41");
  plan.reached("");
  CHECK(plan.resource_version() == "42");
  plan.reached("100");
  CHECK(plan.resource_version() == "100");
  plan.ended(refused(410, "Expired"), 1s, noon, 0);
  plan.reached("7");
  CHECK(plan.resource_version() == "7");
  plan.reached("not a number");
  CHECK(plan.resource_version() == "not a number");
}

TEST_CASE("a watch that ends as watches do goes on at once where it was") {
  auto plan = watching();
  CHECK(plan.ended(ended(Kind::Quiet), 300s, noon, 0.5) == 0s);
  WatchEnd brief{.status = {}, .brought_news = true};
  CHECK(plan.ended(brief, 1ms, noon, 0.5) == 0s);
  CHECK(plan.next() == Step::Watch);
  CHECK(plan.resource_version() == "42");
}

TEST_CASE("a watch that ends at once and without news is not begun anew without a pause") {
  auto plan = watching();
  CHECK(plan.ended(ended(Kind::Quiet), 1ms, noon, 0) == 800ms);
  CHECK(plan.next() == Step::Watch);
}

TEST_CASE("a version that is gone, or unknown to the server, leads to a new list") {
  for (auto const& end : {refused(410, "Gone"), refused(410, "Expired"),
                          refused(410, "Expired", Kind::Broken), ended(Kind::Malformed),
                          refused(500, "InternalError", Kind::Broken), refused(404, "NotFound")}) {
    auto plan = watching();
    CHECK(plan.ended(end, 1s, noon, 0) == 800ms);
    CHECK(plan.next() == Step::StreamList);
  }
  auto too_new = refused(504, "Timeout");
  too_new.status.details.causes = {
      {.reason = "ResourceVersionTooLarge", .message = "Too large resource version", .field = {}}};
  auto plan = watching();
  plan.ended(too_new, 3s, noon, 0);
  CHECK(plan.next() == Step::StreamList);
}

TEST_CASE("what is about us or about the server leaves the version alone") {
  for (auto const& end :
       {refused(401, "Unauthorized"), refused(403, "Forbidden"), refused(429, "TooManyRequests"),
        refused(500, "InternalError"), refused(503, "ServiceUnavailable"), ended(Kind::Lost)}) {
    auto plan = watching();
    CHECK(plan.ended(end, 1s, noon, 0) == 800ms);
    CHECK(plan.next() == Step::Watch);
    CHECK(plan.resource_version() == "42");
  }
}

TEST_CASE("pauses grow up to 30 s, are stretched at random, and are forgotten after two minutes") {
  auto plan = watching();
  auto now = noon;
  std::vector<WatchPlan::Duration> pauses;
  pauses.reserve(8);
  for (int i = 0; i < 8; ++i) pauses.push_back(plan.ended(ended(Kind::Lost), 0s, now, 0));
  CHECK(pauses == std::vector<WatchPlan::Duration>{800ms, 1600ms, 3200ms, 6400ms, 12800ms, 25600ms,
                                                   30s, 30s});
  CHECK(plan.ended(ended(Kind::Lost), 0s, now, 0.5) == 45s);
  now += 2min + 1s;
  CHECK(plan.ended(ended(Kind::Lost), 0s, now, 0) == 800ms);
}

TEST_CASE("a server that says when to come again is obeyed") {
  auto plan = watching();
  auto busy = refused(429, "TooManyRequests");
  busy.retry_after = 7s;
  CHECK(plan.ended(busy, 0s, noon, 0) == 7s);
}
