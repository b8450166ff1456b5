#include "common/async/task.hpp"

#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <boost/asio/error.hpp>
#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

namespace {

Task<int> answer() {
  CO_TRY(co_await one_turn());
  co_return 42;
}

Task<int> sum_of_answers() {
  CO_TRY(auto const first, co_await answer());
  CO_TRY(auto const second, co_await answer());
  co_return first + second;
}

Task<int> conflicting() {
  CO_TRY(co_await one_turn());
  co_return conflict("written by someone else");
}

Task<int> failing_midway() {
  CO_TRY(co_await conflicting());
  co_return 0;
}

template <class Exception>
Task<> throwing(Exception exception) {
  CO_TRY(co_await one_turn());
  throw exception;
}

}  // namespace

SCENARIO("a task's outcome reaches whoever awaits it") {
  CHECK(run(sum_of_answers()).value() == 84);
  CHECK(run(failing_midway()).error() == Error{Fault::Conflict, "written by someone else"});
}

SCENARIO("an exception ends at the edge of a guarded task") {
  CHECK(run(throwing(std::runtime_error{"boom"})).error() ==
        Error{Fault::Permanent, "unexpected exception: boom"});
  CHECK(run(throwing(0)).error() == Error{Fault::Permanent, "unexpected exception"});
}

SCENARIO("an exception that even guarded() let through is a failure") {
  auto const escaped = std::make_exception_ptr(std::bad_alloc{});
  CHECK(outcome_of(escaped, Result<>{}).error() == Error{Fault::Permanent, "unexpected exception"});
  CHECK(outcome_of(escaped, Result<int>{1}).error().fault == Fault::Permanent);
  CHECK(outcome_of(nullptr, Result<int>{1}).value() == 1);
  CHECK(outcome_of<void>(nullptr, conflict("x")).error().fault == Fault::Conflict);
}

SCENARIO("Asio's exceptions are told apart as its codes are") {
  using boost::system::system_error;
  CHECK(run(throwing(system_error{asio::error::operation_aborted})).error().fault ==
        Fault::Cancelled);
  CHECK(run(throwing(system_error{asio::error::connection_refused})).error().fault ==
        Fault::Transient);
}
