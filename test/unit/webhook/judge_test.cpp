#include "webhook/judge.hpp"

#include "test/support/reviews.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using webhook::Rules;

constexpr std::string_view bad =
    R"({"config": {"maxmemory": "2gb", "maxmemry-policy": "noeviction"},
        "resources": {"limits": {"memory": "1Gi"}}})";

kube::Status denial(json::object const& review) {
  auto const verdict = webhook::judge(request_of(review), {}).verdict;
  CHECK_FALSE(verdict.is_allowed);
  return verdict.status;
}

}  // namespace

SCENARIO("all that is wrong is said at once, as Kubernetes says it") {
  auto const status = denial(cluster_review(nullptr, cluster_object(bad)));
  CHECK(status.code == 422);
  CHECK(status.reason == "Invalid");
  CHECK(status.details.kind == "ValkeyCluster");
  CHECK(status.details.group == "valkey-operator.dev");
  CHECK(status.details.name == "cache");
  CHECK(status.message ==
        "ValkeyCluster.valkey-operator.dev \"cache\" is invalid: [spec.config[maxmemory]: Invalid "
        "value: \"2gb\": must be at most 90 % of the memory limit of 1Gi: leave maxmemory out, and "
        "it will be 70 % of the limit, or raise spec.resources.limits.memory, "
        "spec.config[maxmemry-policy]: Invalid value: \"maxmemry-policy\": no such directive: did "
        "you mean maxmemory-policy?]");
  REQUIRE(status.details.causes.size() == 2);
  CHECK(status.details.causes[1] ==
        kube::StatusCause{.reason = "FieldValueInvalid",
                          .message = "Invalid value: \"maxmemry-policy\": no such directive: did "
                                     "you mean maxmemory-policy?",
                          .field = "spec.config[maxmemry-policy]"});
}

SCENARIO("what can't be decoded is refused at its field") {
  auto const status = denial(cluster_review(nullptr, cluster_object(R"({"shards": "many"})")));
  REQUIRE(status.details.causes.size() == 1);
  CHECK(status.details.causes[0].field == "spec.shards");
}

SCENARIO("an old mistake is nobody's fault who changes something else") {
  auto const before = cluster_object(bad);
  WHEN("metadata is edited") {
    auto after = before;
    after["metadata"].as_object()["labels"] = json::object{{"team", "blue"}};
    CHECK(said(cluster_review(before, after)).empty());
  }
  WHEN("another field is edited") {
    auto after = before;
    after["spec"].as_object()["paused"] = true;
    CHECK(said(cluster_review(before, after)).empty());
  }
  WHEN("one of the mistakes is made worse") {
    auto after = before;
    after["spec"].as_object()["config"].as_object()["maxmemory"] = "3gb";
    CHECK(said(cluster_review(before, after)).size() == 1);
  }
  WHEN("it is being deleted, and loses its finalizer") {
    auto after = before;
    after["metadata"].as_object()["deletionTimestamp"] = "2026-01-01T00:00:00Z";
    after["spec"].as_object()["shards"] = 0;
    CHECK(said(cluster_review(before, after)).empty());
  }
  WHEN("a mistake moves to another place in its list") {
    auto const* const two = R"({"users": [{"name": "a"}, {"name": "b", "commands": ["get"]}]})";
    auto const* const one = R"({"users": [{"name": "b", "commands": ["get"]}]})";
    CHECK(said_of_change(two, one, "users").empty());
  }
  WHEN("what was stored can't be read any more") {
    auto const unreadable = cluster_object(R"({"shards": "many"})");
    auto after = unreadable;
    after["metadata"].as_object()["labels"] = json::object{{"team", "blue"}};
    CHECK(said(cluster_review(unreadable, after)).empty());
    CHECK(said(cluster_review(unreadable, cluster_object("{}")), "schema").empty());
  }
}

SCENARIO("warnings are given when a risk is taken, and not again") {
  CHECK(said_of_creation(R"({"shards": 1})", "risks").size() == 2);
  CHECK(said_of_change(R"({"shards": 1})", R"({"shards": 1, "paused": true})", "risks").empty());
  CHECK(said_of_change("{}", R"({"shards": 1})", "risks").size() == 1);
}

SCENARIO("a policy's mode says what becomes of what it finds") {
  auto const request = request_of(cluster_review(nullptr, cluster_object(bad)));
  auto const judged = [&](std::string_view modes) {
    return webhook::judge(request,
                          {.modes = webhook::Modes::parse(modes).value(), .trusted_user = {}});
  };
  auto const warned = judged("modes: {memory: warn, directives: audit}");
  CHECK(warned.verdict.is_allowed);
  REQUIRE(warned.verdict.warnings.size() == 1);
  CHECK(warned.verdict.warnings[0].starts_with("spec.config[maxmemory]: \"2gb\": must be"));
  CHECK(warned.verdict.audit_annotations.at("directives").starts_with("spec.config[maxmemry"));
  CHECK(warned.outcomes == std::vector<webhook::Outcome>{{"memory", webhook::Mode::Warn},
                                                         {"directives", webhook::Mode::Audit}});

  auto const ignored = judged("modes: {memory: off, directives: off}");
  CHECK(ignored.verdict.is_allowed);
  CHECK(ignored.outcomes.empty());

  auto const denied = judged("namespaces: [{names: [d*], modes: {memory: off}}]");
  CHECK(denied.verdict.status.details.causes.size() == 1);
  CHECK(denied.verdict.audit_annotations.at("denied-by") == "directives");
}

SCENARIO("the operator is hindered by no policy") {
  auto const request = request_of(cluster_review(nullptr, cluster_object(bad)));
  CHECK(webhook::judge(request, {.modes = {}, .trusted_user = "somebody"}).verdict.is_allowed);
  CHECK_FALSE(webhook::judge(request, {.modes = {}, .trusted_user = "other"}).verdict.is_allowed);
}

SCENARIO("an object whose name is yet to be generated is called by what it begins with") {
  auto object = cluster_object(bad);
  object["metadata"] = json::object{{"generateName", "cache-"}};
  auto review = cluster_review(nullptr, object);
  review["request"].as_object().erase("name");
  CHECK(denial(review).details.name == "cache-");
}
