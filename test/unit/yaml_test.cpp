#include "common/yaml.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>

namespace {

std::string as_json(std::string_view text) {
  auto const parsed = yaml::parse(text);
  return parsed ? json::serialize(*parsed) : parsed.error().message;
}

std::string utf16(std::string_view ascii, bool little_endian) {
  std::string text = little_endian ? "\xFF\xFE" : "\xFE\xFF";
  for (char const letter : ascii)
    text += little_endian ? std::string{letter, '\0'} : std::string{'\0', letter};
  return text;
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int time = 0; time < times; ++time) all += text;
  return all;
}

}  // namespace

SCENARIO("plain scalars mean what the core schema of YAML 1.2 says") {
  CHECK(as_json("[a, null, Null, ~, , true, False, TRUE]") ==
        R"(["a",null,null,null,null,true,false,true])");
  CHECK(as_json("[yes, no, on, off, y, tRuE, 1:30, 0b1, 1_000]") ==
        R"(["yes","no","on","off","y","tRuE","1:30","0b1","1_000"])");
  CHECK(as_json("[0, -1, +7, 010, 0o17, 0xfF, 9223372036854775808, -9223372036854775808]") ==
        "[0,-1,7,10,15,255,9223372036854775808,-9223372036854775808]");
  CHECK(as_json("[1.5, -2., +.5, 1e2, 1E-2]") == "[1.5E0,-2E0,5E-1,1E2,1E-2]");
  CHECK(as_json("[., e1, 1e, 1.2.3, +, -, 0x, 0xg, 0o8, 1 2, '']") ==
        R"([".","e1","1e","1.2.3","+","-","0x","0xg","0o8","1 2",""])");
  CHECK(as_json("[18446744073709551616, -9223372036854775809]") ==
        "[1.8446744073709552E19,-9.223372036854776E18]");
}

SCENARIO("quoted and tagged scalars are strings") {
  CHECK(as_json(R"(["1", 'true', "null", !!str 5, !!str null, ! 5])") ==
        R"(["1","true","null","5","null","5"])");
  CHECK(as_json("a: |\n  1\n  2\nb: >-\n  1\n  2") == R"({"a":"1\n2\n","b":"1 2"})");
  CHECK(as_json(R"("\u00e9\x41\U0001F600\0")") == "\"\u00e9A\U0001F600\\u0000\"");
}

SCENARIO("collections nest, and JSON is YAML") {
  CHECK(as_json("a:\n- b: 1\n  c: [d, {e: f}]\n-\n- []\n- {}") ==
        R"({"a":[{"b":1,"c":["d",{"e":"f"}]},null,[],{}]})");
  CHECK(as_json(R"({"a": [1, {"b": null}], "c": "d"})") == R"({"a":[1,{"b":null}],"c":"d"})");
  CHECK(as_json("1: a\ntrue: b\n? c\n: d") == R"({"1":"a","true":"b","c":"d"})");
  CHECK(as_json("") == "null");
  CHECK(as_json("# nothing\n") == "null");
  CHECK(as_json("---\na: b\n...\n") == R"({"a":"b"})");
}

SCENARIO("aliases are replaced") {
  CHECK(as_json("a: &x {b: [1]}\nc: *x\n&k d: *k") == R"({"a":{"b":[1]},"c":{"b":[1]},"d":"d"})");
  CHECK(as_json("a: &x k\n*x : v") == R"({"a":"k","k":"v"})");
  CHECK(as_json("a: &x 1\nb: &x 2\nc: *x") == R"({"a":1,"b":2,"c":2})");
}

SCENARIO("UTF-16 and byte order marks are understood") {
  for (bool const little_endian : {true, false})
    CHECK(as_json(utf16("a: b\nc: [1]", little_endian)) == R"({"a":"b","c":[1]})");
  CHECK(as_json("\xEF\xBB\xBF"
                "a: b") == R"({"a":"b"})");
  std::string const grin{"\xFF\xFE\x3D\xD8\x00\xDE", 6};
  CHECK(as_json(grin) == "\"\U0001F600\"");
  CHECK(as_json(std::string{"\xFF\xFE\xE9\x00\xAC\x20", 6}) == "\"\u00e9\u20ac\"");
  CHECK(as_json("\xFF\xFE\x41") == "UTF-16 of an odd number of bytes");
  CHECK(as_json("\xFF\xFE\x3D\xD8") == "not valid UTF-16");
  CHECK(as_json(std::string{"\xFF\xFE\x3D\xD8\x41\x00", 6}) == "not valid UTF-16");
  CHECK(as_json(std::string{"\xFF\xFE\x00\xDE\x3D\xD8", 6}) == "not valid UTF-16");
}

SCENARIO("what is refused is located") {
  CHECK(as_json("a: 1\nb: 2\na: 3") == "line 3, column 1: the key \"a\" stands here a second time");
  CHECK(as_json("a: b: c") == "line 1, column 5: illegal map value");
  CHECK(as_json("a: [1") == "line 1, column 1: end of sequence flow not found");
  CHECK(as_json("a: *b").starts_with("line 1, column 4: the referenced anchor is not defined"));
  CHECK(as_json("a: 1\n---\nb: 2") == "line 2, column 1: a second document begins here");
  CHECK(as_json(", a") == "line 1, column 1: a second document begins here");
  CHECK(as_json("a: &x [*x]") == "line 1, column 8: an alias stands inside of what it refers to");
  CHECK(as_json("a: &x {}\nb:\n  <<: *x") == "line 3, column 3: merge keys (<<) are not supported");
  CHECK(as_json("? [a]\n: b") == "line 1, column 3: a key is not a string");
  CHECK(as_json("a: &x [1]\n*x : b") == "line 2, column 1: a key is not a string");
  CHECK(as_json("~: b") == "line 1, column 1: a key is missing");
  CHECK(as_json("a: !!binary eA==") == "line 1, column 4: tags other than !!str are not supported");
  CHECK(as_json("a: !b {}") == "line 1, column 4: tags other than !!str are not supported");
  CHECK(as_json("- -.inf") == "line 1, column 3: a number that JSON does not have");
  CHECK(as_json("- .NaN") == "line 1, column 3: a number that JSON does not have");
  CHECK(as_json("- 1e999") == "line 1, column 3: a number that JSON does not have");
  CHECK(as_json("a: \"\x80\"") == "not valid UTF-8");
  CHECK(as_json("a: b\nc\x04") == "line 2, column 2: a control character");
  CHECK(as_json(std::string_view{"a\0b", 3}) == "line 1, column 2: a control character");
  CHECK(yaml::parse("a: [").error().fault == Fault::Invalid);
}

SCENARIO("hostile documents are refused before they cost much") {
  CHECK(as_json(repeated("[", 65) + repeated("]", 65)) == "line 1, column 65: more than 64 levels");
  CHECK(yaml::parse(repeated("[", 64) + repeated("]", 64)));
  CHECK(!yaml::parse(repeated("[", 100'000)));
  CHECK(!yaml::parse(repeated("{a: ", 100'000)));
  CHECK(!yaml::parse(repeated("- ", 100'000)));
  CHECK(!yaml::parse(repeated("? ", 100'000)));
  CHECK(as_json(std::string((4U << 20U) + 1, ' ')) == "more than 4194304 bytes");

  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 12; ++level) {
    auto const before = "*a" + std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + before +
            repeated(", " + before, 8) + "]\n";
  }
  CHECK(as_json(bomb).ends_with("the document is too large, or its aliases make it so"));

  std::string tower = "- &a0 []\n";
  for (int level = 1; level < 70; ++level)
    tower += "- &a" + std::to_string(level) + " [*a" + std::to_string(level - 1) + "]\n";
  CHECK(as_json(tower).ends_with("more than 64 levels"));
}
