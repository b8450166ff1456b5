#include "common/json/schema.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

enum class Colour { Red, Blue };
BOOST_DESCRIBE_ENUM(Colour, Red, Blue)

struct Part {
  std::string name;
  std::int32_t weight = 1;
  bool operator==(Part const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Part, (), (name, weight))

struct Whole {
  std::int64_t size = 3;
  Colour colour = Colour::Red;
  bool is_open = false;
  std::optional<std::string> note;
  std::vector<Part> parts;
  std::vector<std::string> words;
  std::map<std::string, std::string> marks;
  Part usual;
  Part special{.name = "s", .weight = 2};
  bool operator==(Whole const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Whole, (),
                      (size, colour, is_open, note, parts, words, marks, usual, special))

schema::Format const word{.what = "a word",
                          .pattern = "^[a-z]+$",
                          .matches =
                              [](std::string_view text) {
                                return !text.empty() && !text.contains(' ') && !text.contains('1');
                              },
                          .longest = 5};

}  // namespace

template <>
struct schema::Facts<Part> {
  static constexpr auto members =
      std::to_array<Member>({{.name = "name", .about = "N.", .format = &word, .is_required = true},
                             {.name = "weight", .about = "W.", .least = 1, .most = 9}});
};

template <>
struct schema::Facts<Whole> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "size", .about = "S.", .least = 1},
      {.name = "colour", .about = "C."},
      {.name = "is_open", .about = "O."},
      {.name = "note", .about = "T.", .format = &word},
      {.name = "parts", .about = "P.", .most = 2, .list_key = "name"},
      {.name = "words", .about = "L.", .least = 1, .format = &word, .is_set = true},
      {.name = "marks", .about = "M.", .most = 1, .format = &word},
      {.name = "usual", .about = "U."},
      {.name = "special", .about = "X."},
  });
  static constexpr auto rules = std::to_array<Rule<Whole>>({
      {.cel = "self.size != 7",
       .message = "can't be 7",
       .holds = [](Whole const& whole) { return whole.size != 7; },
       .field = "size"},
      {.cel = "!self.isOpen",
       .message = "has to be closed",
       .holds = [](Whole const& whole) { return !whole.is_open; },
       .message_cel = "'has to be closed, not ' + self.colour",
       .explained = [](Whole const&) { return std::string{"has to be closed, not Red"}; }},
  });
  static constexpr auto transitions = std::to_array<Transition<Whole>>({
      {.cel = "self.size >= oldSelf.size",
       .message = "can't shrink",
       .is_allowed = [](Whole const& before,
                        Whole const& after) { return after.size >= before.size; },
       .field = "size"},
  });
};

namespace {

using schema::Violations;

json::value property(std::string_view name) {
  return schema::of<Whole>().at("properties").as_object().at(name);
}

Violations violations(std::string_view text) {
  return schema::violations(mapping::decode<Whole>(json::parse(text)).value(), "spec");
}

}  // namespace

SCENARIO("a schema has each member's type, description, bounds and default") {
  CHECK(property("size") ==
        json::parse(R"({"type": "integer", "format": "int64", "description": "S.",
                                            "minimum": 1, "default": 3})"));
  CHECK(property("colour") == json::parse(R"({"type": "string", "enum": ["Red", "Blue"],
                                              "description": "C.", "default": "Red"})"));
  CHECK(property("isOpen") ==
        json::parse(R"({"type": "boolean", "description": "O.", "default": false})"));
  CHECK(property("note") == json::parse(R"({"type": "string", "description": "T.",
                                            "pattern": "^[a-z]+$", "maxLength": 5})"));
}

SCENARIO("a list says how it is merged, and the form of its items") {
  CHECK(property("words") == json::parse(R"({"type": "array", "description": "L.", "minItems": 1,
                        "items": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 5},
                        "x-kubernetes-list-type": "set"})"));
  auto const parts = property("parts").as_object();
  CHECK(parts.at("x-kubernetes-list-type") == "map");
  CHECK(parts.at("x-kubernetes-list-map-keys") == json::array{"name"});
  CHECK(parts.at("maxItems") == 2);
  CHECK(parts.at("items").as_object().at("required") == json::array{"name"});
}

SCENARIO("a struct is there by default, written out where its defaults are not its type's") {
  CHECK(property("usual").as_object().at("default") == json::object{});
  CHECK(property("special").as_object().at("default") ==
        json::parse(R"({"name": "s", "weight": 2})"));
  auto const status = schema::of<Whole>(schema::Defaults::None);
  CHECK_FALSE(json::serialize(status).contains("default"));
}

SCENARIO("rules and transitions are written in their language") {
  CHECK(schema::of<Whole>().at("x-kubernetes-validations") == json::parse(R"([
      {"rule": "self.size != 7", "message": "can't be 7", "fieldPath": ".size"},
      {"rule": "!self.isOpen", "message": "has to be closed",
       "messageExpression": "'has to be closed, not ' + self.colour"},
      {"rule": "self.size >= oldSelf.size", "message": "can't shrink", "fieldPath": ".size"}])"));
}

SCENARIO("what is as it may be has no violations") {
  CHECK(violations("{}").empty());
  CHECK(violations(R"({"size": 1, "note": "abc", "parts": [{"name": "a"}, {"name": "b"}],
                       "words": ["a"], "marks": {"x": "y"}})")
            .empty());
}

SCENARIO("each violation names its field and what would be right") {
  CHECK(violations(R"({"size": 0})") == Violations{{"spec.size", "0 is less than 1"}});
  CHECK(violations(R"({"size": 7})") == Violations{{"spec.size", "can't be 7"}});
  CHECK(violations(R"({"isOpen": true})") == Violations{{"spec", "has to be closed, not Red"}});
  CHECK(violations(R"({"note": "a b"})") == Violations{{"spec.note", "\"a b\" is not a word"}});
  CHECK(violations(R"({"note": "abcdef"})") ==
        Violations{{"spec.note", "\"abcdef\" is not a word"}});
  CHECK(violations(R"({"marks": {"x": "1"}})") ==
        Violations{{"spec.marks[x]", "\"1\" is not a word"}});
  CHECK(violations(R"({"marks": {"x": "a", "y": "b"}})") ==
        Violations{{"spec.marks", "2 entries is more than 1"}});
  CHECK(violations(R"({"words": ["a", "a b", "a"]})") ==
        Violations{{"spec.words[1]", "\"a b\" is not a word"},
                   {"spec.words", "\"a\" stands there twice"}});
  CHECK(violations(R"({"parts": [{"name": "a", "weight": 10}, {"name": "a"}, {}]})") ==
        Violations{{"spec.parts", "3 items is more than 2"},
                   {"spec.parts[0].weight", "10 is more than 9"},
                   {"spec.parts[2].name", "\"\" is not a word"},
                   {"spec.parts", "\"a\" stands there twice"}});
}

SCENARIO("a change is held to what may change") {
  Whole const before;
  Whole after;
  after.size = 4;
  CHECK(schema::violations(before, after, "spec").empty());
  after.size = 2;
  CHECK(schema::violations(before, after, "spec") == Violations{{"spec.size", "can't shrink"}});
}
