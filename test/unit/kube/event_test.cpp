#include "common/kube/event.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;
using kube::EventType;

constexpr kube::Timestamp noon{std::chrono::sys_days{std::chrono::year{2030} / 1 / 1} + 12h};

kube::EventKey const scaled{.regarding = {.api_version = "valkey-operator.dev/v1alpha1",
                                          .kind = "ValkeyCluster",
                                          .namespace_ = "demo",
                                          .name = "cache",
                                          .uid = "u-1"},
                            .type = EventType::Warning,
                            .reason = "ScalingFailed",
                            .action = "Scale"};
kube::Reporter const reporter{.controller = "valkey-operator.dev/operator", .instance = "pod-1"};

std::string times(std::size_t count, std::string_view text) {
  std::string all;
  while (count-- > 0) all += text;
  return all;
}

}  // namespace

TEST_CASE("an event is written as events.k8s.io/v1 takes it") {
  auto event = kube::event_of(scaled, "no room", noon, "cache.1");
  CHECK(kube::whole(event, reporter) == json::parse(R"({
    "apiVersion": "events.k8s.io/v1", "kind": "Event",
    "metadata": {"name": "cache.1", "namespace": "demo"},
    "eventTime": "2030-01-01T12:00:00.000000Z",
    "reportingController": "valkey-operator.dev/operator", "reportingInstance": "pod-1",
    "type": "Warning", "reason": "ScalingFailed", "action": "Scale", "note": "no room",
    "regarding": {"apiVersion": "valkey-operator.dev/v1alpha1", "kind": "ValkeyCluster",
                  "namespace": "demo", "name": "cache", "uid": "u-1"}})"));
  event.series = {.count = 3, .last_observed = noon + 1s};
  auto const series =
      json::parse(R"({"count": 3, "lastObservedTime": "2030-01-01T12:00:01.000000Z"})");
  CHECK(kube::whole(event, reporter).at("series") == series);
  CHECK(kube::series_patch(event) == json::value{{"series", series}});
}

TEST_CASE("an event of what is in no namespace is kept in the default one") {
  auto key = scaled;
  key.regarding.namespace_.clear();
  CHECK(kube::event_namespace(kube::event_of(key, "", noon, "node.1")) == "default");
}

TEST_CASE("texts that are too long are cut between characters, and repaired") {
  auto key = scaled;
  key.reason = times(129, "r");
  key.action = times(64, "\u00e9") + "x";  // 129 bytes, of which a character ends the 128
  auto const event = kube::event_of(key, "a" + times(1024, "\u20ac"), noon, "cache.1");
  CHECK(event.key.reason == times(128, "r"));
  CHECK(event.key.action == times(64, "\u00e9"));
  CHECK(event.note == "a" + times(341, "\u20ac"));  // 1024 bytes
  CHECK(kube::event_of(key, "ab" + times(1024, "\u20ac"), noon, "").note.size() == 2 + 340 * 3);
  CHECK(kube::event_of(key, "a\xff", noon, "").note == "a\uFFFD");
  CHECK(kube::whole(event, {.controller = "c", .instance = times(200, "i")})
            .at("reportingInstance") == json::string{times(128, "i")});
}

TEST_CASE("the name of an event is that of its object and a time, and never too long") {
  CHECK(kube::event_name("cache", 0x17f3a0c5d2e4b681ns) == "cache.17f3a0c5d2e4b681");
  auto const longest = kube::event_name(times(253, "x"), std::chrono::nanoseconds::max());
  CHECK(longest == times(236, "x") + ".7fffffffffffffff");
  CHECK(kube::event_name(times(235, "x") + "-.x", 1ns) == times(235, "x") + ".1");
  CHECK(kube::event_name("cache", -1ns) == "cache.ffffffffffffffff");
}
