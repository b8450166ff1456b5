#pragma once
#include "common/async/task.hpp"

/// Ends as Cancelled on SIGTERM or SIGINT; a second signal then kills the process, as is the
/// default.
Task<> until_signalled();
