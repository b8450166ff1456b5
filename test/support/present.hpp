#pragma once
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <utility>

/// What a test cannot go on without.
template <class T>
T present(std::optional<T> wanted) {
  REQUIRE(wanted.has_value());
  return std::move(wanted).value_or(T{});
}
