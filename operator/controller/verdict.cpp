#include "operator/controller/verdict.hpp"

namespace controller {
namespace {

using enum Verdict::Next;
using enum Verdict::Kind;

Verdict after_success(Requeue const& wanted) {
  if (!wanted.after) return {Nothing, Success};
  // No time at all would be a loop that nothing slows down.
  if (*wanted.after <= Duration{}) return {RateLimited, Success};
  return {Later, Success, *wanted.after};
}

Verdict after_failure(Fault fault, Circumstances circumstances) {
  switch (fault) {
    case Fault::Transient:
      return {RateLimited, Failed};
    case Fault::Conflict:  // our view was old; if it is again, somebody writes all the time
      if (!circumstances.had_conflict) return {AtOnce, Success};
      return {RateLimited, Failed};
    case Fault::NotFound:  // the object itself, or something that it needs
      if (!circumstances.exists) return {Nothing, Success};
      return {RateLimited, Failed};
    case Fault::Invalid:  // until somebody edits it
      return {Later, Terminal, rest_after_invalid};
    case Fault::Permanent:  // but a right that is missing now may be granted in a moment
      return {RateLimited, Terminal};
    case Fault::Cancelled:  // and if it was not we who asked for it, it is not forgotten
      return {RateLimited, Stopped};
  }
  return {RateLimited, Failed};
}

}  // namespace

Verdict judge(Result<Requeue> const& outcome, Circumstances circumstances) {
  return outcome ? after_success(*outcome) : after_failure(outcome.error().fault, circumstances);
}

}  // namespace controller
