#include "common/json/mapping.hpp"

#include "test/support/sample.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using sample::Image;
using sample::Spec;

Result<Spec> spec(std::string_view text) {
  return mapping::decode<Spec>(json::parse(text), "spec");
}

std::string complaint(std::string_view text) {
  auto const outcome = spec(text);
  REQUIRE(!outcome);
  CHECK(outcome.error().fault == Fault::Invalid);
  return outcome.error().message;
}

}  // namespace

SCENARIO("keys fill the members of the same name, in camel case") {
  auto const decoded = spec(R"({"shards": 4, "storageClass": "fast", "strategy": "OnDelete",
                                "image": {"allowDowngrade": true}, "extraImages": [{"tag": "1"}],
                                "flags": {"a": [true, false]}, "ports": [1, null]})");
  REQUIRE(decoded);
  CHECK(decoded->shards == 4);
  CHECK(decoded->storage_class == "fast");
  CHECK(decoded->strategy == sample::Strategy::OnDelete);
  CHECK(decoded->image == Image{.tag = "", .allow_downgrade = true});
  CHECK(decoded->extra_images == std::vector{Image{.tag = "1"}});
  CHECK(decoded->flags == std::map<std::string, std::vector<bool>>{{"a", {true, false}}});
  CHECK(decoded->ports == std::vector<std::optional<std::int32_t>>{1, std::nullopt});
}

SCENARIO("what is absent, null or unknown changes nothing") {
  CHECK(spec("{}").value() == Spec{});
  CHECK(spec(R"({"shards": null, "labels": null, "image": null, "unknown": 1})").value() == Spec{});
}

SCENARIO("a list or map that is given replaces the default") {
  auto const decoded = spec(R"({"labels": {"team": "blue"}})");
  REQUIRE(decoded);
  CHECK(decoded->labels == std::map<std::string, std::string>{{"team", "blue"}});
}

SCENARIO(
    "a struct that is given has the defaults of its own type, as an API server fills them in") {
  CHECK(spec("{}")->image == Image{.tag = "9.0"});
  CHECK(spec(R"({"image": {"tag": null}})")->image == Image{});
}

SCENARIO("of two equal keys the last one counts, as for an API server") {
  CHECK(spec(R"({"shards": 1, "shards": 2})")->shards == 2);
}

SCENARIO("an error names the field and what would be right") {
  CHECK(complaint("[]") == "spec: expected an object, found a list");
  CHECK(complaint(R"({"extraImages": [{}, {"tag": 1}]})") ==
        "spec.extraImages[1].tag: expected a string, found 1");
  CHECK(complaint(R"({"labels": {"example.org/team": null}})") ==
        "spec.labels[example.org/team]: expected a string, found null");
  CHECK(complaint(R"({"metrics": {"allowDowngrade": "yes"}})") ==
        "spec.metrics.allowDowngrade: expected a boolean, found a string");
  CHECK(complaint(R"({"strategy": "rolling"})") ==
        "spec.strategy: expected one of Rolling, OnDelete, found a string");
  CHECK(mapping::decode<Spec>(1).error().message == "document: expected an object, found 1");
  CHECK(mapping::decode<Spec>({{"image", 1}}).error().message ==
        "image: expected an object, found 1");
}

SCENARIO("an integer must be whole and in range, however it is written") {
  CHECK(spec(R"({"shards": 4.0})")->shards == 4);
  CHECK(spec(R"({"bytes": 18446744073709551615})")->bytes == 18446744073709551615U);
  CHECK(spec(R"({"offset": -9223372036854775808})")->offset ==
        std::numeric_limits<std::int64_t>::min());
  std::string const wanted =
      "spec.shards: expected an integer from -2147483648 to 2147483647, found ";
  CHECK(complaint(R"({"shards": 2147483648})") == wanted + "2147483648");
  CHECK(complaint(R"({"shards": 2.5})") == wanted + "2.5E0");
  CHECK(complaint(R"({"shards": "3"})") == wanted + "a string");
  CHECK(!spec(R"({"bytes": -1})"));
  CHECK(!spec(R"({"offset": 9223372036854775808})"));
  CHECK(!spec(R"({"bytes": 1e300})"));
}

SCENARIO("a name with something after a NUL is not that name") {
  CHECK(!spec(R"({"strategy": "Rolling\u0000"})"));
}

SCENARIO("encoding leaves out what is empty and writes the rest in camel case") {
  Spec source;
  source.strategy = sample::Strategy::OnDelete;
  auto const encoded = mapping::encode(source);
  CHECK(encoded.as_object().contains("extraImages"));
  CHECK(!encoded.as_object().contains("storageClass"));
  CHECK(!encoded.as_object().contains("affinity"));
  CHECK(encoded.at("strategy") == "OnDelete");
  CHECK(encoded.at("labels").at("app") == "valkey");
}

SCENARIO("member names become the keys that Kubernetes uses") {
  CHECK(mapping::camel_case("replicas_per_shard") == "replicasPerShard");
  CHECK(mapping::camel_case("operator_") == "operator");
  CHECK(mapping::camel_case("pod_IP") == "podIP");
  CHECK(mapping::camel_case("port_6379_tls") == "port6379Tls");
  CHECK(mapping::camel_case("ca__bundle") == "caBundle");
  CHECK(mapping::camel_case("").empty());
}
