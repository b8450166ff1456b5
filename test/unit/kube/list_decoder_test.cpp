#include "common/kube/list_decoder.hpp"

#include <catch2/catch_test_macros.hpp>

using kube::ListMetadata;

namespace {

struct Reading {
  std::vector<json::value> items;
  Result<ListMetadata> outcome;
};

Reading read(std::string_view text, std::size_t size = 1 << 20, kube::ElementLimits limits = {}) {
  Reading reading;
  kube::ListDecoder decoder{
      [&](json::value const& item) { reading.items.emplace_back(item, json::storage_ptr{}); },
      limits};
  Result<> fed;
  for (; !text.empty() && fed; text.remove_prefix(std::min(size, text.size())))
    fed = decoder.feed(text.substr(0, size));
  if (fed)
    reading.outcome = decoder.finish();
  else
    reading.outcome = Failure{fed.error()};
  return reading;
}

constexpr std::string_view page =
    R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"42","continue":"abc"},
        "items":[{"metadata":{"name":"a","managedFields":[]}},{"items":[1,[2]]},{}]} )";

Fault fault(std::string_view text) { return read(text).outcome.error().fault; }

}  // namespace

SCENARIO("a list is told of item by item, then what version it is of") {
  auto const reading = read(page);
  CHECK(reading.outcome.value() == ListMetadata{"42", "abc"});
  REQUIRE(reading.items.size() == 3);
  CHECK(reading.items[0] == json::value{{"metadata", {{"name", "a"}}}});
  CHECK(reading.items[1] == json::value{{"items", json::array{1, json::array{2}}}});
  CHECK(reading.items[2] == json::object{});
}

SCENARIO("items are told of while the list arrives") {
  int items = 0;
  kube::ListDecoder decoder{[&](json::value const&) { ++items; }};
  CHECK(decoder.feed(R"({"items":[{"a":1})"));
  CHECK(items == 1);
  CHECK(decoder.feed(R"(,{"a":2},{)"));
  CHECK(items == 2);
}

SCENARIO("it does not matter where chunks end, nor in which order the keys come") {
  auto const whole = read(page);
  for (std::size_t size = 1; size <= page.size(); ++size) {
    auto const reading = read(page, size);
    CHECK(reading.items == whole.items);
    CHECK(reading.outcome.value() == whole.outcome.value());
  }
  auto const reordered =
      read(R"({"items":[{}],"metadata":{"continue":"c","resourceVersion":"1"},"kind":"PodList"})");
  CHECK(reordered.outcome.value() == ListMetadata{"1", "c"});
  CHECK(reordered.items.size() == 1);
}

SCENARIO("a list that is cut short is no list") {
  auto const text = page.substr(0, page.size() - 1);
  for (std::size_t end = 0; end < text.size(); ++end) {
    auto const reading = read(text.substr(0, end));
    REQUIRE(!reading.outcome);
    CHECK(reading.outcome.error().fault == Fault::Transient);
  }
}

SCENARIO("an empty list is a list") {
  CHECK(read(R"({"items":[],"metadata":{"resourceVersion":"1"}})").outcome.value() ==
        ListMetadata{"1", ""});
  CHECK(read(R"({"items":null})").outcome.value() == ListMetadata{});
  CHECK(read(R"({"items":[],"metadata":{"resourceVersion":1}})").outcome.value() == ListMetadata{});
}

SCENARIO("what is no list is refused") {
  CHECK(fault(R"({"kind":"Table","columnDefinitions":[],"rows":[]})") == Fault::Permanent);
  CHECK(read(R"({"kind":"Table"})").outcome.error().message ==
        "expected a list, found kind \"Table\" without items");
  CHECK(fault(R"({"items":{}})") == Fault::Permanent);
  CHECK(fault(R"({"items":{"items":[{}]}})") == Fault::Permanent);
  CHECK(read(R"({"items":{"items":[{}]}})").items.empty());
  CHECK(fault(R"({"metadata":{"items":[{}]}})") == Fault::Permanent);
  CHECK(fault("[]") == Fault::Permanent);
  CHECK(fault("[[{}]]") == Fault::Permanent);
  CHECK(fault("null") == Fault::Permanent);
  CHECK(fault(R"({"items":[1]})") == Fault::Transient);
  CHECK(fault(R"({"items":[{},null]})") == Fault::Transient);
  CHECK(fault(R"({"items":[]} x)") == Fault::Transient);
  CHECK(fault(R"({"items":[]}{})") == Fault::Transient);
  CHECK(fault("{\"items\":[{\"a\":\"\xff\"}]}") == Fault::Transient);
  CHECK(fault("<html>") == Fault::Transient);
}

SCENARIO("a list may be only so long, however it is cut") {
  constexpr std::string_view list = R"({"items":[{},{}]})";
  for (std::uint64_t const longest : {list.size(), list.size() - 1}) {
    for (std::size_t size = 1; size <= list.size(); ++size) {
      kube::ListDecoder decoder{[](json::value const&) {}, {}, longest};
      Result<> fed;
      for (auto text = list; !text.empty() && fed; text.remove_prefix(std::min(size, text.size())))
        fed = decoder.feed(text.substr(0, size));
      CHECK(fed.has_value() == (longest == list.size()));
      if (!fed) CHECK(fed.error().fault == Fault::Transient);
    }
  }
}

SCENARIO("each item has the whole allowance, and there is no end of items") {
  std::string text = R"({"items":[{})";
  std::string const item = R"(,{"a":")" + std::string(3000, 'x') + "\"}";
  for (int count = 0; count < 100; ++count) text += item;
  text += "]}";
  auto const reading = read(text, 1000, {.bytes = 4096});
  CHECK(reading.outcome);
  CHECK(reading.items.size() == 101);
  CHECK(!read(text, 1000, {.bytes = 2048}).outcome);
  CHECK(!read(R"({"a":")" + std::string(5000, 'x') + R"(","items":[]})", 10, {.bytes = 4096})
             .outcome);
}
