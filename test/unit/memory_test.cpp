#include "common/memory.hpp"

#include "common/digest.hpp"
#include "common/process_usage.hpp"

#include <catch2/catch_test_macros.hpp>

SCENARIO("what is given back comes back when it is used again") {
  auto const before = sha256("text");
  give_back_memory();
  CHECK(sha256("text") == before);
}

SCENARIO("pages of the program are given back") {
  auto const before = process_usage().resident_bytes;
  give_back_memory();
  auto const after = process_usage().resident_bytes;
  REQUIRE((before && after));
  CHECK(*after < *before);
}
