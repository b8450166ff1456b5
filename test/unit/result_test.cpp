#include "common/result.hpp"

#include "test/support/captured_errors.hpp"
#include "test/support/forked.hpp"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <sys/wait.h>

namespace {

Result<int> length(std::string_view text) {
  if (text.empty()) return invalid("empty");
  return static_cast<int>(text.size());
}

Result<int> twice_the_length(std::string_view text) {
  TRY(auto const once, length(text));
  TRY(length(text));
  return 2 * once;
}

Result<std::unique_ptr<int>> boxed_length(std::string_view text) {
  TRY(auto const value, length(text));
  return std::make_unique<int>(value);
}

Result<int> unboxed_length(std::string_view text) {
  TRY(auto const box, boxed_length(text));
  return *box;
}

}  // namespace

SCENARIO("a failure leaves the function that tried") {
  GIVEN("a function that tries two others") {
    WHEN("both succeed") {
      THEN("it goes on with their value") { CHECK(twice_the_length("abc").value() == 6); }
    }
    WHEN("one fails") {
      auto const outcome = twice_the_length("");
      THEN("its error is passed on unchanged") {
        REQUIRE(!outcome);
        CHECK(outcome.error() == Error{Fault::Invalid, "empty"});
      }
    }
  }
}

SCENARIO("a value that cannot be copied can be tried") {
  CHECK(unboxed_length("abc").value() == 3);
  CHECK(!unboxed_length(""));
}

SCENARIO("whoever takes the value of a failure ends there and then") {
  CapturedErrors const errors;
  CHECK(WIFSIGNALED(status_of_fork([] { (void)*length(""); })));
  CHECK(WIFSIGNALED(status_of_fork([] { (void)length("abc").error(); })));
}

SCENARIO("an error gains context on its way up") {
  auto const error = Error{Fault::Conflict, "409 conflict"}.during("applying Service demo/cache");
  CHECK(error == Error{Fault::Conflict, "applying Service demo/cache: 409 conflict"});
}

SCENARIO("every fault has a short way to say it") {
  CHECK(transient("x").error().fault == Fault::Transient);
  CHECK(conflict("x").error().fault == Fault::Conflict);
  CHECK(not_found("x").error().fault == Fault::NotFound);
  CHECK(invalid("x").error().fault == Fault::Invalid);
  CHECK(permanent("x").error().fault == Fault::Permanent);
  CHECK(cancelled().error().fault == Fault::Cancelled);
}
