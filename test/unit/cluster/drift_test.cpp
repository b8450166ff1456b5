#include "operator/cluster/desired/drift.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

bool is_as_wanted(std::string_view wanted, std::string_view found) {
  return cluster::desired::is_as_wanted(json::parse(wanted).as_object(), json::parse(found));
}

}  // namespace

SCENARIO("what others have added does not count") {
  CHECK(is_as_wanted(R"({"a": {"b": 1}})", R"({"a": {"b": 1, "c": 2}, "d": 3})"));
  CHECK(is_as_wanted(R"({"ports": [{"port": 1}]})", R"({"ports": [{"port": 1, "nodePort": 2}]})"));
  CHECK(is_as_wanted(R"({"ownerReferences": [{"uid": "x"}]})",
                     R"({"ownerReferences": [{"uid": "y"}, {"uid": "x", "name": "n"}]})"));
  CHECK(is_as_wanted(R"({"a": {}, "b": [], "c": null})", "{}"));
}

SCENARIO("what was changed or taken away does") {
  CHECK_FALSE(is_as_wanted(R"({"a": {"b": 1}})", R"({"a": {"b": 2}})"));
  CHECK_FALSE(is_as_wanted(R"({"a": {"b": 1}})", R"({"a": {}})"));
  CHECK_FALSE(is_as_wanted(R"({"a": {"b": 1}})", R"({"a": 1})"));
  CHECK_FALSE(is_as_wanted(R"({"a": 1})", "[]"));
  CHECK_FALSE(is_as_wanted(R"({"ports": [{"port": 1}]})", R"({"ports": []})"));
  CHECK_FALSE(is_as_wanted(R"({"ports": [{"port": 1}]})", R"({"ports": [{"port": 1}, {}]})"));
  CHECK_FALSE(is_as_wanted(R"({"ownerReferences": [{"uid": "x"}]})",
                           R"({"ownerReferences": [{"uid": "y"}]})"));
}

SCENARIO("whoever adds to a selector has changed it") {
  for (auto const* const key : {"selector", "matchLabels", "nodeSelector"}) {
    std::string const wanted = R"({"KEY": {"a": "b"}})";
    std::string const found = R"({"KEY": {"a": "b", "c": "d"}})";
    auto const with_key = [&](std::string text) { return text.replace(text.find("KEY"), 3, key); };
    CHECK(is_as_wanted(with_key(wanted), with_key(wanted)));
    CHECK_FALSE(is_as_wanted(with_key(wanted), with_key(found)));
  }
}

SCENARIO("a quantity is what it amounts to") {
  CHECK(is_as_wanted(R"({"cpu": "1000m"})", R"({"cpu": "1"})"));
  CHECK(is_as_wanted(R"({"memory": "1024Mi"})", R"({"memory": "1Gi"})"));
  CHECK_FALSE(is_as_wanted(R"({"memory": "1G"})", R"({"memory": "1Gi"})"));
  CHECK_FALSE(is_as_wanted(R"({"a": "x"})", R"({"a": "y"})"));
}
