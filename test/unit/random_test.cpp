#include "common/random.hpp"

#include <catch2/catch_test_macros.hpp>
#include <regex>

TEST_CASE("a UUID says that it is random, and no two are the same") {
  std::regex const form{"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"};
  auto const one = random_uuid();
  CHECK(std::regex_match(one, form));
  CHECK(random_uuid() != one);
}

TEST_CASE("a random fraction is at least 0 and less than 1") {
  for (int time = 0; time < 1000; ++time) {
    auto const fraction = random_fraction();
    CHECK((fraction >= 0 && fraction < 1));
  }
}

TEST_CASE("a password is long, and no two are the same") {
  auto const one = random_password().value();
  CHECK(std::regex_match(std::string{one.reveal()}, std::regex{"[0-9a-f]{64}"}));
  CHECK(random_password().value() != one);
}
