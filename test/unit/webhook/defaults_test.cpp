#include "webhook/defaults.hpp"

#include "test/support/reviews.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

std::string created(std::string_view spec) {
  return json::serialize(
      webhook::defaults(request_of(cluster_review(nullptr, cluster_object(spec)))));
}

std::string changed(std::string_view before, std::string_view after) {
  return json::serialize(
      webhook::defaults(request_of(cluster_review(cluster_object(before), cluster_object(after)))));
}

constexpr std::string_view one = R"("resources": {"limits": {"memory": "1000"}})";
constexpr std::string_view two = R"("resources": {"limits": {"memory": "2000"}})";

std::string spec(std::string_view resources, std::string_view max_memory) {
  auto const config = max_memory.empty()
                          ? std::string{}
                          : R"(, "config": {"maxmemory": ")" + std::string{max_memory} + R"("})";
  return "{" + std::string{resources} + config + "}";
}

}  // namespace

SCENARIO("with a memory limit, maxmemory follows from it") {
  CHECK(created(spec(one, "")) ==
        R"([{"op":"add","path":"/spec/config","value":{"maxmemory":"700"}}])");
  CHECK(created(R"({"config": {"hz": "10"}, )" + std::string{one} + "}") ==
        R"([{"op":"add","path":"/spec/config/maxmemory","value":"700"}])");
  CHECK(created(R"({"config": null, )" + std::string{one} + "}") ==
        R"([{"op":"add","path":"/spec/config","value":{"maxmemory":"700"}}])");
}

SCENARIO("where there is nothing to fill in, there is no patch") {
  CHECK(created("{}") == "[]");
  CHECK(created(spec(one, "5")) == "[]");
  CHECK(created(R"({"shards": "many", )" + std::string{one} + "}") == "[]");
  CHECK(created(R"({"resources": {"limits": {"memory": "much"}}})") == "[]");
  CHECK(webhook::defaults(request_of(scale_review(3, 4))).empty());
  CHECK(webhook::defaults(request_of(cluster_review(cluster_object("{}"), nullptr))).empty());
}

SCENARIO("what was filled in follows the limit, and what a user chose stays") {
  CHECK(changed(spec(one, "700"), spec(two, "700")) ==
        R"([{"op":"replace","path":"/spec/config/maxmemory","value":"1400"}])");
  CHECK(changed(spec(one, "700"), R"({"config": {"maxmemory": "700"}})") ==
        R"([{"op":"remove","path":"/spec/config/maxmemory"}])");
  CHECK(changed(spec(one, "500"), spec(two, "500")) == "[]");
  CHECK(changed(spec(one, "700"), spec(two, "900")) == "[]");
  CHECK(changed(spec(one, "500"), spec(one, "")) ==
        R"([{"op":"add","path":"/spec/config","value":{"maxmemory":"700"}}])");
}

SCENARIO("what touches neither the limit nor maxmemory fills in nothing") {
  CHECK(changed(spec(one, ""), R"({"paused": true, )" + std::string{one} + "}") == "[]");
  CHECK(changed(spec(one, ""), spec(two, "")) ==
        R"([{"op":"add","path":"/spec/config","value":{"maxmemory":"1400"}}])");
}

SCENARIO("what does not touch the spec changes nothing in it") {
  CHECK(changed(spec(one, ""), spec(one, "")) == "[]");
  auto leaving = cluster_object(spec(two, ""));
  leaving["metadata"].as_object()["deletionTimestamp"] = "2026-01-01T00:00:00Z";
  CHECK(webhook::defaults(request_of(cluster_review(cluster_object("{}"), leaving))).empty());
}
