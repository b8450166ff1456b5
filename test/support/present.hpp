#pragma once
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <utility>

/// What a test cannot go on without.
template <class T>
T present(std::optional<T> wanted) {
  REQUIRE(wanted.has_value());
  // NOLINTNEXTLINE(bugprone-unchecked-optional-access): without it, the test has ended
  return *std::move(wanted);
}
