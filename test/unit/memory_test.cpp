#include "common/memory.hpp"

#include "common/digest.hpp"
#include "common/process_usage.hpp"
#include "test/support/present.hpp"

#include <catch2/catch_test_macros.hpp>

SCENARIO("what is given back comes back when it is used again") {
  auto const before = sha256("text");
  give_back_memory();
  CHECK(sha256("text") == before);
}

SCENARIO("pages of the program are given back") {
  auto const before = present(process_usage().resident_bytes);
  give_back_memory();
  CHECK(present(process_usage().resident_bytes) < before);
}
