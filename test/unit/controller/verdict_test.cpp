#include "operator/controller/verdict.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace {

using namespace std::chrono_literals;
using controller::Circumstances;
using controller::judge;
using controller::Requeue;
using controller::Verdict;
using enum Verdict::Next;
using enum Verdict::Kind;

Result<Requeue> again_after(controller::Duration delay) { return Requeue{.after = delay}; }

Result<Requeue> failed(Fault fault) { return Failure{Error{fault, "failed"}}; }

Circumstances any_circumstances() {
  return {.exists = GENERATE(false, true), .had_conflict = GENERATE(false, true)};
}

}  // namespace

SCENARIO("success is over, or comes again when it wants to") {
  auto const circumstances = any_circumstances();
  CHECK(judge(Requeue{}, circumstances) == Verdict{Nothing, Success});
  CHECK(judge(again_after(5s), circumstances) == Verdict{Later, Success, 5s});
  CHECK(judge(again_after(1ns), circumstances) == Verdict{Later, Success, 1ns});
}

SCENARIO("success that wants to come again without a pause is slowed down") {
  auto const circumstances = any_circumstances();
  CHECK(judge(again_after(0s), circumstances) == Verdict{RateLimited, Success});
  CHECK(judge(again_after(-1s), circumstances) == Verdict{RateLimited, Success});
}

SCENARIO("a hiccup is tried again, later each time") {
  CHECK(judge(failed(Fault::Transient), any_circumstances()) == Verdict{RateLimited, Failed});
}

SCENARIO("a conflict is tried again at once, and a second one later") {
  bool const exists = GENERATE(false, true);
  CHECK(judge(failed(Fault::Conflict), {.exists = exists, .had_conflict = false}) ==
        Verdict{AtOnce, Success});
  CHECK(judge(failed(Fault::Conflict), {.exists = exists, .had_conflict = true}) ==
        Verdict{RateLimited, Failed});
}

SCENARIO("an object that is gone is done with, and one that lacks something is tried again") {
  bool const had_conflict = GENERATE(false, true);
  CHECK(judge(failed(Fault::NotFound), {.exists = false, .had_conflict = had_conflict}) ==
        Verdict{Nothing, Success});
  CHECK(judge(failed(Fault::NotFound), {.exists = true, .had_conflict = had_conflict}) ==
        Verdict{RateLimited, Failed});
}

SCENARIO("what only an edit mends is looked at rarely") {
  CHECK(judge(failed(Fault::Invalid), any_circumstances()) == Verdict{Later, Terminal, 10min});
}

SCENARIO("what no retry mends may be mended by somebody else in a moment, or never") {
  CHECK(judge(failed(Fault::Permanent), any_circumstances()) == Verdict{RateLimited, Terminal});
}

SCENARIO("what was stopped is no error, and not forgotten") {
  CHECK(judge(failed(Fault::Cancelled), any_circumstances()) == Verdict{RateLimited, Stopped});
}
