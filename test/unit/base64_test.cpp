#include "common/base64.hpp"

#include <catch2/catch_test_macros.hpp>

SCENARIO("the examples of RFC 4648 hold both ways") {
  using Example = std::pair<std::string_view, std::string_view>;
  for (auto const& [bytes, text] :
       {Example{"", ""}, Example{"f", "Zg=="}, Example{"fo", "Zm8="}, Example{"foo", "Zm9v"},
        Example{"foob", "Zm9vYg=="}, Example{"fooba", "Zm9vYmE="}, Example{"foobar", "Zm9vYmFy"},
        Example{"\xFB\xFF\xBF", "+/+/"}}) {
    CHECK(base64::encoded(bytes) == text);
    CHECK(base64::decoded(text) == bytes);
  }
}

SCENARIO("line ends are skipped and nothing else") {
  CHECK(base64::decoded("Zm9v\r\nYmE\n=\n") == "fooba");
  for (auto const* const text : {"Zm9v YmE=", "Zg", "Zg=", "Zg===", "Zg======", "=", "====", "Z===",
                                 "Zg==Zg==", "Zg==\nZm9v", "Zm9_", "Zh==", "Zm9=", "Zm9v="})
    CHECK(!base64::decoded(text));
}
