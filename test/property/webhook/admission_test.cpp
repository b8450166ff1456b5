#include "test/property/generators.hpp"
#include "test/support/cluster_samples.hpp"
#include "test/support/reviews.hpp"
#include "webhook/defaults.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

/// Good and bad pieces of specs, each with one or more fields.
std::vector<std::string> const& pieces() {
  static auto const all = [] {
    std::vector<std::string> made{
        R"({"resources": {"limits": {"memory": "1Gi"}}})",
        R"({"resources": {"limits": {"memory": "2000"}, "requests": {"memory": "3000"}}})",
        R"({"config": {"maxmemory": "700"}})",
        R"({"config": {"maxmemory": "751619260"}})",
        R"({"config": {"maxmemory": "2gb"}})",
        R"({"config": {"maxmemry": "2gb"}})",
        R"({"config": {}})",
        R"({"config": null})",
        R"({"users": [{"name": "a", "commands": ["get"], "raw": [">x", "what"]}]})",
        R"({"image": {"tag": "latest"}})",
        R"({"image": {"tag": "8.1.0"}})",
        R"({"unknown": {"x": [1, {"y": null}]}})",
        R"({"shards": "many"})"};
    for (auto const& sample : cluster_samples()) made.push_back(sample.spec);
    return made;
  }();
  return all;
}

/// Some of the pieces, of which the last to have a field wins.
json::object any_spec() {
  auto const count = *rc::gen::inRange(0, 5);
  json::object spec;
  for (int index = 0; index < count; ++index) {
    auto const piece = json::parse(*rc::gen::elementOf(pieces()));
    for (auto const& [key, value] : piece.as_object()) spec[key] = value;
  }
  return spec;
}

json::object object_of(json::object const& spec) {
  auto object = cluster_object("{}");
  object["spec"] = spec;
  object["metadata"].as_object()["labels"] = json::object{{"a/b", "~1"}};
  return object;
}

/// A JSON patch as far as we make any; false where it does not apply.
bool apply(json::array const& patch, json::object& object) {
  for (auto const& operation : patch) {
    std::string const path{operation.at("path").as_string()};
    auto const slash = path.rfind('/');
    boost::system::error_code failure;
    json::value whole = object;
    auto* const place = whole.find_pointer(path.substr(0, slash), failure);
    if (!place || !place->is_object()) return false;
    auto& members = place->as_object();
    auto const key = path.substr(slash + 1);
    auto const what = operation.at("op").as_string();
    if (what != "add" && !members.contains(key)) return false;
    if (what == "remove")
      members.erase(key);
    else
      members[key] = operation.at("value");
    object = whole.as_object();
  }
  return true;
}

json::array patch_of(json::value const& before, json::value const& after) {
  return webhook::defaults(request_of(cluster_review(before, after)));
}

bool is_allowed(json::value const& before, json::value const& after) {
  return webhook::judge(request_of(cluster_review(before, after)), {}).verdict.is_allowed;
}

/// Without what a patch may touch.
json::object untouched(json::object object) {
  if (auto* const config = object["spec"].as_object().if_contains("config");
      config && config->is_object())
    config->as_object().erase("maxmemory");
  auto& spec = object["spec"].as_object();
  if (auto* const config = spec.if_contains("config");
      config && (config->is_null() || config->as_object().empty()))
    spec.erase("config");
  return object;
}

}  // namespace

TEST_CASE("what is filled in applies to the object as it was sent, and is filled in once") {
  CHECK(rc::check([] {
    auto const sent = object_of(any_spec());
    auto filled = sent;
    RC_ASSERT(apply(patch_of(nullptr, sent), filled));
    RC_ASSERT(patch_of(nullptr, filled).empty());
    RC_ASSERT(untouched(filled) == untouched(sent));
  }));
}

TEST_CASE("the same of what is changed") {
  CHECK(rc::check([] {
    auto const before = object_of(any_spec());
    auto const sent = object_of(any_spec());
    auto filled = sent;
    RC_ASSERT(apply(patch_of(before, sent), filled));
    RC_ASSERT(patch_of(before, filled).empty());
    RC_ASSERT(untouched(filled) == untouched(sent));
  }));
}

TEST_CASE("nothing is refused because of what was filled in") {
  CHECK(rc::check([] {
    auto before = object_of(any_spec());
    if (*rc::gen::arbitrary<bool>())
      before["status"] = json::object{{"operation", {{"kind", "Upgrading"}}}};
    auto sent = before;
    for (auto const& [key, value] : any_spec()) sent["spec"].as_object()[key] = value;
    if (*rc::gen::arbitrary<bool>()) sent["spec"].as_object()["paused"] = true;
    auto created = sent;
    RC_ASSERT(apply(patch_of(nullptr, sent), created));
    RC_ASSERT(is_allowed(nullptr, created) == is_allowed(nullptr, sent));
    auto changed = sent;
    RC_ASSERT(apply(patch_of(before, sent), changed));
    RC_ASSERT(!is_allowed(before, sent) || is_allowed(before, changed));
  }));
}

TEST_CASE("whatever is wrong with an object, what has nothing to do with it may be changed") {
  CHECK(rc::check([] {
    auto spec = any_spec();
    spec.erase("shards");
    auto const before = object_of(spec);
    RC_PRE(mapping::decode<crd::ValkeyCluster>(before).has_value());
    auto after = before;
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        after["metadata"].as_object()["labels"] = json::object{{"team", "blue"}};
        break;
      case 1:
        after["metadata"].as_object()["finalizers"] = json::array{};
        break;
      case 2:
        after["spec"].as_object()["paused"] = true;
        break;
      default:
        after["spec"].as_object()["disruption"] = json::object{{"podDisruptionBudget", false}};
    }
    RC_ASSERT(is_allowed(before, after));
  }));
}

TEST_CASE("an object that is being deleted may be changed in any way") {
  CHECK(rc::check([] {
    auto after = object_of(any_spec());
    after["metadata"].as_object()["deletionTimestamp"] = "2026-01-01T00:00:00Z";
    RC_ASSERT(is_allowed(object_of(any_spec()), after));
    RC_ASSERT(patch_of(object_of(any_spec()), after).empty());
  }));
}
