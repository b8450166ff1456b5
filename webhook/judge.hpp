#pragma once
#include "webhook/modes.hpp"

namespace webhook {

/// By what is judged.
struct Rules {
  Modes modes;
  std::string trusted_user;  ///< our operator, which no policy hinders; empty: nobody
};

/// What came of one policy, where it found anything.
struct Outcome {
  std::string_view policy;
  Mode mode = Mode::Deny;
  bool operator==(Outcome const&) const = default;
};

struct Judgement {
  Verdict verdict;
  std::vector<Outcome> outcomes;
};

/// Runs every policy, and says all that is wrong at once. A change that leaves the spec as it was,
/// or is of an object that is being deleted, passes whatever is wrong with the object; so does
/// what was wrong before, and is no worse now.
Judgement judge(Request const& request, Rules const& rules);

/// "spec.shards: Invalid value: 0 is less than 1", in two parts.
kube::StatusCause cause_of(Finding const& finding);

}  // namespace webhook
