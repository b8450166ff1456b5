#include "common/environment.hpp"

#include <catch2/catch_test_macros.hpp>

SCENARIO("the environment of this process can be read") {
  CHECK(!value_of("PATH", current_environment()).empty());
}

SCENARIO("a variable that is not set is empty") {
  CHECK(value_of("A", {{"A", "b=c"}}) == "b=c");
  CHECK(value_of("B", {{"A", "b=c"}}).empty());
}
