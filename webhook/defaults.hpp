#pragma once
#include "webhook/review.hpp"

namespace webhook {

/// What a schema can't fill in, as a JSON patch of the object as it was sent: a maxmemory that
/// follows from the memory limit. One that was filled in follows a limit that changes; one that a
/// user chose stays. Nothing where neither changes: who pauses a cluster that was stored without is
/// not to find more changed. Nothing once it is applied. What can't be decoded is left to be
/// refused.
json::array defaults(Request const& request);

}  // namespace webhook
