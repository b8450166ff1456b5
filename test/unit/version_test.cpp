#include "common/version.hpp"

#include <catch2/catch_test_macros.hpp>

SCENARIO("a version names the binary, the release and the commit if it is known") {
  auto const line = version::line("valkey-operator");
  auto const start = "valkey-operator " + std::string{version::number};
  CHECK(line ==
        (version::commit.empty() ? start : start + " (" + std::string{version::commit} + ")"));
}

SCENARIO("an API server is told who asks, in the words of its other clients") {
  auto const agent = version::user_agent("valkey-operator");
  CHECK(agent.starts_with("valkey-operator/" + std::string{version::number} + " (linux/"));
  CHECK(agent.find(") kubernetes/") != std::string::npos);
}
