#include "common/kube/events.hpp"

#include "test/component/kube/reached.hpp"
#include "test/support/control_plane.hpp"
#include "test/support/manual_clock.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fmt/core.h>

namespace {

using namespace std::chrono_literals;
using kube::EventRecorder;
using kube::EventType;

/// All events in a namespace, as kubectl sees them.
json::array events(Namespace const& space) {
  auto const list = json::parse(ControlPlane::kubectl(
      {"get", "events.events.k8s.io", "--namespace", space.name(), "--output=json"}));
  return list.at("items").as_array();
}

/// Sends what was recorded, and ends.
Task<> told(EventRecorder& recorder) {
  auto const outcome = co_await together([&](TaskGroup& group) {
    group.spawn(recorder.run());
    group.cancel();
  });
  CHECK(outcome.error().fault == Fault::Cancelled);
  co_return ok;
}

/// How often the only event was seen.
std::int64_t count(Namespace const& space) {
  auto const all = events(space);
  REQUIRE(all.size() == 1);
  auto const* const series = all[0].as_object().if_contains("series");
  return series ? series->at("count").as_int64() : 1;
}

}  // namespace

SCENARIO("people see an event, and how often it was seen again") {
  ControlPlane const plane;
  Namespace const space;
  auto const work = [](kube::Client& client, Namespace const& in) -> Task<> {
    ManualClock clock;
    EventRecorder recorder{
        client, clock, {.controller = "valkey-operator.dev/operator", .instance = "pod-1"}};
    auto const record = [&] {
      recorder.record({.api_version = "v1",
                       .kind = "ConfigMap",
                       .namespace_ = in.name(),
                       .name = "a",
                       .uid = "u-1"},
                      EventType::Warning, "ScalingFailed", "Scale", "no room \u20ac");
    };
    record();
    CO_TRY(co_await told(recorder));
    CHECK(count(in) == 1);
    record();
    CO_TRY(co_await told(recorder));
    CHECK(count(in) == 2);
    record();
    record();
    clock.advance(7min);
    CO_TRY(co_await told(recorder));
    CHECK(count(in) == 4);
    co_return ok;
  };
  CHECK(ask(plane.api_server(),
            [&](kube::Client& client) { return within(30s, work(client, space)); }));
  std::string const columns = "T:.type,R:.reason,A:.action,O:.involvedObject.name,M:.message";
  CHECK(ControlPlane::kubectl({"get", "events", "--namespace", space.name(), "--no-headers",
                               "--output=custom-columns=" + columns}) ==
        "Warning   ScalingFailed   Scale   a     no room \u20ac\n");
}

SCENARIO("texts of any length are taken") {
  ControlPlane const plane;
  Namespace const space;
  auto const work = [](kube::Client& client, Namespace const& in) -> Task<> {
    EventRecorder recorder{
        client, system_clock(), {.controller = "c", .instance = std::string(500, 'i')}};
    std::string note;
    for (int time = 0; time < 1000; ++time) note += "\u20ac";
    recorder.record({.api_version = "v1",
                     .kind = "ConfigMap",
                     .namespace_ = in.name(),
                     .name = std::string(253, 'x'),
                     .uid = {}},
                    EventType::Normal, std::string(500, 'r'), std::string(500, 'a'), note);
    CO_TRY(co_await told(recorder));
    CHECK(count(in) == 1);
    co_return ok;
  };
  CHECK(ask(plane.api_server(),
            [&](kube::Client& client) { return within(30s, work(client, space)); }));
}
