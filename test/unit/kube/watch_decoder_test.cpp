#include "common/kube/watch_decoder.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>

using kube::WatchEventType;

namespace {

struct Told {
  WatchEventType type;
  json::value object;
  bool ends_initial_events;
  bool operator==(Told const&) const = default;
};

struct Reading {
  std::vector<Told> events;
  Result<> outcome;
  bool operator==(Reading const& other) const {
    return events == other.events && outcome.has_value() == other.outcome.has_value();
  }
};

/// What is read of `text` if it comes in chunks of `size`.
Reading read(std::string_view text, std::size_t size = 1 << 20, kube::ElementLimits limits = {}) {
  Reading reading;
  kube::WatchDecoder decoder{
      [&](kube::WatchEvent const& event) {
        reading.events.push_back({event.type, json::value(event.object, json::storage_ptr{}),
                                  event.ends_initial_events});
      },
      limits};
  for (; !text.empty() && reading.outcome; text.remove_prefix(std::min(size, text.size())))
    reading.outcome = decoder.feed(text.substr(0, size));
  return reading;
}

/// What is read of the object of one event.
Result<json::value> object(std::string const& text, kube::ElementLimits limits = {}) {
  auto const reading = read(R"({"type":"ADDED","object":)" + text + "}", 1 << 20, limits);
  TRY(reading.outcome);
  REQUIRE(reading.events.size() == 1);
  return reading.events[0].object;
}

constexpr std::string_view four_events =
    "{\"type\":\"ADDED\",\"object\":{\"a\":\"\u00E4\U0001F600\\u00e4\\ud83d\\ude00\\n\"}}\n"
    "{\"object\":{\"n\":[9223372036854775807,-1.5e-3,true,null]},\"type\":\"MODIFIED\"}"
    " \r\n\t{\"type\":\"DELETED\",\"object\":{}}\n\n"
    "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"7\",\"annotations\":"
    "{\"k8s.io/initial-events-end\":\"true\"}}}}\n";

}  // namespace

SCENARIO("events are told of with their types and objects") {
  auto const reading = read(four_events);
  REQUIRE(reading.outcome);
  REQUIRE(reading.events.size() == 4);
  CHECK(reading.events[0] ==
        Told{WatchEventType::Added, {{"a", "\u00E4\U0001F600\u00E4\U0001F600\n"}}, false});
  CHECK(reading.events[1].type == WatchEventType::Modified);
  CHECK(reading.events[1].object.at("n").at(0) == std::numeric_limits<std::int64_t>::max());
  CHECK(reading.events[2] == Told{WatchEventType::Deleted, json::object{}, false});
  CHECK(reading.events[3].type == WatchEventType::Bookmark);
  CHECK(reading.events[3].ends_initial_events);
}

SCENARIO("it does not matter where chunks end") {
  for (std::size_t size = 1; size <= four_events.size(); ++size)
    CHECK(read(four_events, size) == read(four_events));
}

SCENARIO("a stream may end anywhere, and what was whole was told of") {
  for (std::size_t end = 0; end <= four_events.size(); ++end)
    CHECK(read(four_events.substr(0, end)).outcome);
  CHECK(read(four_events.substr(0, four_events.size() - 5)).events.size() == 3);
}

SCENARIO("only the bookmark that says so ends what was there at first") {
  auto const ends = [](std::string const& type, std::string const& value) {
    auto const reading = read(
        R"({"type":")" + type +
        R"(","object":{"metadata":{"annotations":{"k8s.io/initial-events-end":)" + value + "}}}}");
    return reading.events.size() == 1 && reading.events[0].ends_initial_events;
  };
  CHECK(ends("BOOKMARK", "\"true\""));
  CHECK(!ends("BOOKMARK", "\"false\""));
  CHECK(!ends("BOOKMARK", "true"));
  CHECK(!ends("ADDED", "\"true\""));
  CHECK(!read(R"({"type":"BOOKMARK","object":{"metadata":[]}})").events[0].ends_initial_events);
}

SCENARIO("an event of an unknown type is told of as that") {
  auto const reading = read(R"({"type":"added","object":{}}{"type":"ERROR","object":{}})");
  CHECK(reading.outcome);
  REQUIRE(reading.events.size() == 2);
  CHECK(reading.events[0].type == WatchEventType::Unknown);
  CHECK(reading.events[1].type == WatchEventType::Error);
}

SCENARIO("what is no event cuts the stream, after what came before") {
  std::string const event = R"({"type":"ADDED","object":{}})";
  for (std::string const bad :
       {"x", "[]", "1 ", "null", "{}", R"({"type":"ADDED"})", R"({"type":1,"object":{}})",
        R"({"type":"ADDED","object":[]})", R"({"object":{}})", "<html>", "{]", ",", "{'a':1}",
        "{\"a\":1,}", "// comment\n"}) {
    auto text = event;
    text.append(bad).append(event);
    auto const reading = read(text);
    REQUIRE(!reading.outcome);
    CHECK(reading.outcome.error().fault == Fault::Transient);
    CHECK(reading.events.size() == 1);
    CHECK(read(text, 1) == reading);
  }
}

SCENARIO("nothing is read of a stream that was cut") {
  kube::WatchDecoder decoder{[](kube::WatchEvent const&) { FAIL("there is no event"); }};
  CHECK(!decoder.feed("x"));
  CHECK(!decoder.feed(R"({"type":"ADDED","object":{}})"));
  CHECK(!decoder.feed(""));
}

SCENARIO("numbers are exact as far as 64 bits reach") {
  auto const number = [](std::string const& text) {
    return object("{\"n\":" + text + "}")->at("n");
  };
  CHECK(number("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(number("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  CHECK(number("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
  CHECK(number("18446744073709551616").is_double());
  CHECK(number("9007199254740993") == 9007199254740993);
  CHECK(!object(R"({"n":NaN})"));
}

SCENARIO("other numbers are the nearest double, wherever a chunk has cut them") {
  for (std::string const text :
       {"844674.073709551614", "-0.1", "925337203685471111100002.084675807", "1e-400", "4.9e-324",
        "-1.7976931348623157e308"}) {
    CAPTURE(text);
    auto const event = R"({"type":"ADDED","object":{"n":)" + text + "}}";
    auto const whole = read(event);
    REQUIRE(whole.outcome);
    CHECK(object("{\"n\":" + text + "}")->at("n") ==
          json::value(std::strtod(text.c_str(), nullptr)));
    for (std::size_t size = 1; size < event.size(); ++size) CHECK(read(event, size) == whole);
  }
}

SCENARIO("a number may be no larger than a double, and no longer than a line") {
  auto const longest = "0." + std::string(1022, '3');
  CHECK(object("{\"n\":" + longest + "}"));
  for (auto const& text : {longest + "3", std::string{"1e400"}, std::string{"-1e400"}}) {
    auto const event = R"({"type":"ADDED","object":{"n":)" + text + "}}";
    for (auto const size : {event.size(), std::size_t{1}, std::size_t{7}}) {
      auto const reading = read(event, size);
      REQUIRE(!reading.outcome);
      CHECK(reading.outcome.error().fault == Fault::Transient);
    }
  }
}

SCENARIO("of equal keys the last counts, as for an API server") {
  CHECK(object(R"({"a":1,"a":{"b":2}})").value() == json::value{{"a", {{"b", 2}}}});
}

SCENARIO("text that is not UTF-8 cuts the stream") {
  CHECK(!object("{\"a\":\"\xff\"}"));
  CHECK(!object("{\"\xc0\x80\":1}"));
  CHECK(!object("{\"a\":\"\xed\xa0\x80\"}"));
  CHECK(!object(R"({"a":"\ud800"})"));
  CHECK(!object(R"({"a":"\ude00\ud83d"})"));
  CHECK(object(R"({"a":"\u0000"})")->at("a").as_string().size() == 1);
}

SCENARIO("metadata comes without what nobody reads") {
  CHECK(object(
            R"({"metadata":{"managedFields":[{"f:a":{}},1,"x",[[]]],"name":"n","managedFields":null,
                   "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","a":"b"}}})")
            .value() == json::value{{"metadata", {{"name", "n"}, {"annotations", {{"a", "b"}}}}}});
  json::value const elsewhere{
      {"managedFields", 1},
      {"kubectl.kubernetes.io/last-applied-configuration", 2},
      {"metadata",
       {{"labels", {{"managedFields", "x"}}},
        {"nested",
         {{"annotations", {{"kubectl.kubernetes.io/last-applied-configuration", "x"}}}}}}},
      {"data", {{"annotations", {{"managedFields", json::array{}}}}}}};
  CHECK(object(json::serialize(elsewhere)).value() == elsewhere);
  CHECK(object(R"({"metadata":["managedFields"],"managedFields":{}})").value() ==
        json::value{{"metadata", json::array{"managedFields"}}, {"managedFields", json::object{}}});
  CHECK(object(R"({"metadata":{"managed\u0046ields":{"metadata":{"name":"x"}}}})").value() ==
        json::value{{"metadata", json::object{}}});
}

SCENARIO("an object may be only so large and so deep") {
  auto const nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK(object(nested(62)));
  CHECK(!object(nested(63)));
  CHECK(!object(nested(1'000'000)));
  kube::ElementLimits const small{.bytes = 4096};
  auto const text_of = [](std::size_t size) {
    return "{\"a\":\"" + std::string(size, 'x') + "\"}";
  };
  CHECK(object(text_of(3900), small));
  CHECK(!object(text_of(4096), small));
  CHECK(!object(R"({"a":")" + std::string(5000, '\n').replace(0, 5000, 5000, 'x') + R"(\n"})",
                small));
  CHECK(!object("{\"" + std::string(5000, 'k') + "\":1}", small));
  std::string list = "0";
  for (int count = 0; count < 300; ++count) list += ",{}";
  CHECK(!object("{\"a\":[" + list + "]}", small));
  CHECK(object(R"({"metadata":{"managedFields":[)" + list + list.substr(1) + "]}}", small));
}

SCENARIO("whatever an API server takes can be read, also if it is nothing but values") {
  constexpr auto longest = std::size_t{3} << 20;
  for (std::string const item :
       {"0", "[]", "[0]", "{}", R"({"a":0})", R"({"":[0]})", R"("")", R"("a")"}) {
    CAPTURE(item);
    std::string text = R"({"type":"ADDED","object":{"a":[)" + item;
    while (text.size() < longest) text.append(",").append(item);
    text += "]}}";
    std::size_t objects = 0;
    kube::WatchDecoder decoder{[&](kube::WatchEvent const&) { ++objects; }};
    CHECK(decoder.feed(text));
    CHECK(objects == 1);
  }
}

SCENARIO("what is left out counts the same wherever a chunk ends") {
  auto const event = [](std::size_t size) {
    return R"({"type":"ADDED","object":{"metadata":{"managedFields":{}},"a":")" +
           std::string(size, 'x') + "\"}}";
  };
  kube::ElementLimits const small{.bytes = 1024};
  for (std::size_t size = 0; size < 1024; ++size) {
    auto const text = event(size);
    CAPTURE(size);
    CHECK(read(text, 1, small).outcome.has_value() ==
          read(text, text.size(), small).outcome.has_value());
  }
}

SCENARIO("each event has the whole allowance, and there is no end of events") {
  std::string const event =
      R"({"type":"ADDED","object":{"a":")" + std::string(30000, 'x') + "\"}}\n";
  std::string many;
  for (int count = 0; count < 100; ++count) many += event;
  auto const reading = read(many, 1000, {.bytes = 40000});
  CHECK(reading.outcome);
  CHECK(reading.events.size() == 100);
}
