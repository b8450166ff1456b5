#pragma once
#include "common/async/clock.hpp"

#include <functional>

/// Runs `work`, and lets it end in peace: when the caller is cancelled, `ask` is called, and only
/// once `grace` has passed, or the caller is cancelled again, is the work cancelled as well.
/// Ends when the work is gone, with its outcome. The work may refer to the caller's locals.
Task<> with_grace(Clock& clock, Clock::Duration grace, std::move_only_function<void()> ask,
                  Task<> work);
