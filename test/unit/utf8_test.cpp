#include "common/utf8.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::string_view_literals;

SCENARIO("valid text is left alone, at the edges of every length") {
  for (auto const text :
       {"\0\x7f"sv, "\u0080\u07FF"sv, "\u0800\uD7FF\uE000\uFFFF"sv, "\U00010000\U0010FFFF"sv})
    CHECK(utf8::repaired(text) == text);
}

SCENARIO("each byte that is not part of a valid sequence becomes a replacement character") {
  CHECK(utf8::repaired("a\x80z") == "a\uFFFDz");
  CHECK(utf8::repaired("\xc0\x80") == "\uFFFD\uFFFD");
  CHECK(utf8::repaired("\xc1\xbf") == "\uFFFD\uFFFD");
  CHECK(utf8::repaired("\xe0\x9f\xbf") == "\uFFFD\uFFFD\uFFFD");
  CHECK(utf8::repaired("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(utf8::repaired("\xf0\x8f\xbf\xbf") == "\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(utf8::repaired("\xf4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(utf8::repaired("\xf5\x80\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(utf8::repaired("\xff\"") == "\uFFFD\"");
}

SCENARIO("a sequence that is cut short is replaced, and what follows is kept") {
  CHECK(utf8::repaired("\xc3") == "\uFFFD");
  CHECK(utf8::repaired("\xe2\x82") == "\uFFFD\uFFFD");
  CHECK(utf8::repaired("\xf0\x9f\x98z") == "\uFFFD\uFFFD\uFFFDz");
}

SCENARIO("text is shortened only between characters") {
  CHECK(utf8::shortened("abc", 3) == "abc");
  CHECK(utf8::shortened("abc", 2) == "ab");
  CHECK(utf8::shortened("a\u20AC", 4) == "a\u20AC");
  for (std::size_t most = 1; most < 4; ++most) CHECK(utf8::shortened("a\u20AC", most) == "a");
  CHECK(utf8::shortened("\U0001F600", 3).empty());
  CHECK(utf8::shortened("", 0).empty());
  CHECK(utf8::shortened("\x80\x80\x80", 2).empty());  // which is valid nowhere
}
