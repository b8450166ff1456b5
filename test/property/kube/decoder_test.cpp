#include "common/kube/list_decoder.hpp"
#include "common/kube/watch_decoder.hpp"
#include "test/property/generators.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

namespace gen = rc::gen;

/// Feeds `text` in pieces of any sizes, as long as that works.
Result<> feed_in_pieces(auto& decoder, std::string_view text) {
  while (!text.empty()) {
    auto const size = *gen::inRange<std::size_t>(1, text.size() + 1);
    TRY(decoder.feed(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return ok;
}

struct Reading {
  std::vector<json::value> told;
  bool failed = false;
  bool operator==(Reading const&) const = default;
};

Reading watch(std::string_view text, bool whole) {
  Reading reading;
  kube::WatchDecoder decoder{[&](kube::WatchEvent const& event) {
    reading.told.emplace_back(event.object, json::storage_ptr{});
  }};
  reading.failed = whole ? !decoder.feed(text) : !feed_in_pieces(decoder, text);
  return reading;
}

Reading list(std::string_view text, bool whole) {
  Reading reading;
  kube::ListDecoder decoder{
      [&](json::value const& item) { reading.told.emplace_back(item, json::storage_ptr{}); }};
  reading.failed = whole ? !decoder.feed(text) : !feed_in_pieces(decoder, text);
  reading.failed = reading.failed || !decoder.finish();
  return reading;
}

/// Now and then one byte is another.
std::string almost(std::string text) {
  if (!text.empty() && *gen::arbitrary<bool>())
    text[*gen::inRange<std::size_t>(0, text.size())] = *gen::arbitrary<char>();
  return text;
}

std::vector<json::value> any_objects() {
  std::vector<json::value> objects;
  for (auto const& value : *gen::arbitrary<std::vector<json::value>>())
    objects.push_back(json::object{{"a", value}});
  return objects;
}

}  // namespace

TEST_CASE("events do not depend on how a stream is cut, nor do its errors") {
  CHECK(rc::check([] {
    std::string text;
    for (auto const& object : any_objects())
      text += json::serialize(json::value{{"type", "ADDED"}, {"object", object}}) + "\n";
    text = almost(std::move(text));
    RC_ASSERT(watch(text, true) == watch(text, false));
  }));
}

TEST_CASE("items do not depend on how a list is cut, nor do its errors") {
  CHECK(rc::check([] {
    auto const objects = any_objects();
    auto const text = almost(json::serialize(
        json::value{{"kind", "List"}, {"items", json::array(objects.begin(), objects.end())}}));
    RC_ASSERT(list(text, true) == list(text, false));
  }));
}

TEST_CASE("an object is read as it was written, if a parser of whole documents takes it") {
  CHECK(rc::check([] {
    auto const objects = any_objects();
    auto const text = json::serialize(json::array(objects.begin(), objects.end()));
    boost::system::error_code failure;
    json::parse(text, failure);  // whose doubles may be off by a bit (Boost 1.81)
    auto const reading = list(R"({"items":)" + text + "}", false);
    RC_ASSERT(reading.failed == bool{failure});
    if (!failure) RC_ASSERT(reading.told == objects);
  }));
}
