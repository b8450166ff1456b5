#include "common/version.hpp"

#include <catch2/catch_test_macros.hpp>

SCENARIO("a version names the binary, the release and the commit if it is known") {
  auto const line = version::line("valkey-operator");
  auto const start = "valkey-operator " + std::string{version::number};
  CHECK(line ==
        (version::commit.empty() ? start : start + " (" + std::string{version::commit} + ")"));
}
