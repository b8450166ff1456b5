#include "webhook/review.hpp"

#include "common/base64.hpp"
#include "test/support/reviews.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using webhook::read_review;

constexpr std::string_view uid = "705ab4f5-6393-11e8-b7cc-42010a800002";

std::string bytes_without(std::string_view key) {
  auto review = cluster_review(nullptr, cluster_object("{}"));
  review["request"].as_object().erase(key);
  return json::serialize(review);
}

std::string bytes_with(std::string_view key, json::value const& value) {
  auto review = cluster_review(nullptr, cluster_object("{}"));
  review["request"].as_object()[key] = value;
  return json::serialize(review);
}

}  // namespace

SCENARIO("a review says who wants to do what to which object") {
  auto const request =
      request_of(cluster_review(cluster_object(R"({"shards": 3})"), cluster_object("{}")));
  CHECK(request.uid == uid);
  CHECK(request.operation == webhook::Operation::Update);
  CHECK(request.subject == webhook::Subject::Cluster);
  CHECK(request.name == "cache");
  CHECK(request.namespace_name == "demo");
  CHECK(request.user == "somebody");
  CHECK(request.old_object.at("spec").at("shards") == 3);
  CHECK(request.object.at("spec") == json::object{});
}

SCENARIO("a subresource is told by its resource, and not by its kind") {
  CHECK(request_of(scale_review(3, 4)).subject == webhook::Subject::Scale);
  CHECK(request_of(upgrade_review(nullptr, upgrade_object("{}"))).subject ==
        webhook::Subject::Upgrade);
}

SCENARIO("what is no review is refused without a uid") {
  for (auto const* const bytes :
       {"", "{", "null", "[]", "3", "{}", R"({"request": null})", R"({"request": {"uid": 3}})",
        R"({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": []})"}) {
    INFO(bytes);
    auto const read = read_review(bytes);
    REQUIRE_FALSE(read);
    CHECK(read.error().uid.empty());
    CHECK_FALSE(read.error().message.empty());
  }
  CHECK(read_review(bytes_without("uid")).error().message == "request.uid: is missing");
}

SCENARIO("half a review is answered by the uid that it begins with") {
  auto const whole = json::serialize(cluster_review(nullptr, cluster_object("{}")));
  auto const end_of_uid = whole.find(uid) + uid.size() + 1;
  for (auto length = end_of_uid; length < whole.size(); ++length) {
    auto const read = read_review(whole.substr(0, length));
    REQUIRE_FALSE(read);
    CHECK(read.error().uid == uid);
  }
}

SCENARIO("what is wrong with a review is named by its field") {
  struct Sample {
    std::string bytes;
    std::string_view message;
  };
  for (auto const& [bytes, message] : std::vector<Sample>{
           {bytes_without("operation"),
            "request.operation: expected one of CREATE, UPDATE, DELETE"},
           {bytes_with("operation", "CONNECT"),
            "request.operation: expected one of CREATE, UPDATE, DELETE"},
           {bytes_with("operation", 3), "request.operation: expected a string, found 3"},
           {bytes_without("object"), "request.object: is missing"},
           {bytes_with("object", json::array{}), "request.object: expected an object"},
           {bytes_with("operation", "UPDATE"), "request.oldObject: is missing"},
           {bytes_with("operation", "DELETE"), "request.oldObject: is missing"},
           {bytes_without("resource"), "request.resource: expected an object"},
           {bytes_without("userInfo"), "request.userInfo: expected an object"},
           {bytes_with("name", 3), "request.name: expected a string, found 3"},
           {bytes_with("subResource", "status"),
            "request.resource: this webhook judges valkeyclusters, valkeyclusters/scale and "
            "valkeyupgrades of valkey-operator.dev, and nothing else"}}) {
    auto const read = read_review(bytes);
    REQUIRE_FALSE(read);
    CHECK(read.error().uid == uid);
    CHECK(read.error().message == message);
  }
  auto old = cluster_review(nullptr, cluster_object("{}"));
  old["apiVersion"] = "admission.k8s.io/v1beta1";
  CHECK(read_review(json::serialize(old)).error().uid == uid);
}

SCENARIO("an answer that allows says so, and no more") {
  CHECK(webhook::written("1-2", {}) ==
        R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview",)"
        R"("response":{"uid":"1-2","allowed":true}})");
}

SCENARIO("an answer has what the verdict has") {
  webhook::Verdict verdict;
  verdict.is_allowed = false;
  verdict.status.code = 422;
  verdict.status.reason = "Invalid";
  verdict.status.message = "bad \xff";
  verdict.status.details.name = "cache";
  verdict.status.details.causes = {
      {.reason = "FieldValueInvalid", .message = "Invalid value: 0", .field = "spec.shards"}};
  verdict.warnings = {"careful"};
  verdict.audit_annotations = {{"risks", "some"}};
  verdict.patch = {{{"op", "remove"}, {"path", "/spec"}}};
  auto const response = json::parse(webhook::written("1", verdict)).at("response");
  CHECK(response.at("allowed") == false);
  CHECK(response.at("status").at("code") == 422);
  CHECK(response.at("status").at("message") == "bad \xef\xbf\xbd");
  CHECK(response.at("status").at("details").at("causes").at(0).at("field") == "spec.shards");
  CHECK(response.at("warnings") == json::array{"careful"});
  CHECK(response.at("auditAnnotations") == json::object{{"risks", "some"}});
  CHECK(response.at("patchType") == "JSONPatch");
  CHECK(base64::decoded(response.at("patch").as_string()) == R"([{"op":"remove","path":"/spec"}])");
}
