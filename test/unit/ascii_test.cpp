#include "common/ascii.hpp"

#include <catch2/catch_test_macros.hpp>

SCENARIO("letters are those of ASCII alone") {
  CHECK(ascii::lower_case("AZaz09-\u00C4") == "azaz09-\u00C4");
  for (char const letter : {'a', 'z', 'A', 'Z'}) CHECK(ascii::is_letter(letter));
  for (char const letter : {'@', '[', '`', '{', '0', '\xC4', '\0'})
    CHECK_FALSE(ascii::is_letter(letter));
  for (char const letter : {'/', ':', 'a', '\xB2', '\0'}) CHECK_FALSE(ascii::is_digit(letter));
  CHECK(ascii::is_digits("0129"));
  CHECK_FALSE(ascii::is_digits("1a"));
}

SCENARIO("what is visible has no blank and no control character") {
  CHECK(ascii::is_visible("!azAZ09~"));
  for (auto const* const text : {"a b", "a\n", "\t", "\x7F", "\u00C4", "\x1B["})
    CHECK_FALSE(ascii::is_visible(std::string_view{text}));
}

SCENARIO("blanks are trimmed at both ends, and only there") {
  CHECK(ascii::trimmed(" \ta b\t ") == "a b");
  CHECK(ascii::trimmed("").empty());
  CHECK(ascii::trimmed(" \t ").empty());
  CHECK(ascii::trimmed("\na\n") == "\na\n");
  CHECK(ascii::trimmed("\na\n", " \r\n") == "a");
}
