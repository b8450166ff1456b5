#include "common/kube/resource_version.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

using kube::compare_versions;

SCENARIO("versions are compared as numbers of any length") {
  CHECK(compare_versions("9", "10") == std::strong_ordering::less);
  CHECK(compare_versions("10", "9") == std::strong_ordering::greater);
  CHECK(compare_versions("123", "124") == std::strong_ordering::less);
  CHECK(compare_versions("7", "7") == std::strong_ordering::equal);
  std::string const beyond_64_bits = "184467440737095516160";
  CHECK(compare_versions(beyond_64_bits, "9") == std::strong_ordering::greater);
  CHECK(compare_versions(beyond_64_bits, beyond_64_bits) == std::strong_ordering::equal);
}

SCENARIO("what is no positive decimal is neither older nor newer") {
  for (auto const* const text : {"", "0", "01", "-1", "+1", " 1", "1 ", "1a", "0x1", "\xd9\xa1"}) {
    CHECK(!compare_versions(text, "1"));
    CHECK(!compare_versions("1", text));
    CHECK(!compare_versions(text, text));
  }
}
