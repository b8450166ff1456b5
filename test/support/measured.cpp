#include "test/support/measured.hpp"

#include "common/metrics.hpp"

#include <catch2/catch_test_macros.hpp>

double measured(std::string const& beginning) {
  auto const text = "\n" + metrics::exposition();
  auto const found = text.find("\n" + beginning);
  REQUIRE(found != std::string::npos);
  return std::stod(text.substr(found + 1 + beginning.size()));
}
