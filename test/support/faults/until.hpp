#pragma once
#include "common/async/task.hpp"
#include "test/support/faults/journal.hpp"

namespace faults {

/// Ends once a proxy has seen, so far, what is wanted; Transient if it has not within 30 s. It
/// waits on a thread of its own, so that the tasks beside it go on.
Task<> until(Journal const& journal, std::function<bool(std::vector<Exchange> const&)> wanted);

}  // namespace faults
