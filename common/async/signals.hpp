#pragma once
#include "common/async/task.hpp"

/// Ends as Cancelled on SIGTERM or SIGINT; a second signal then ends the process at once.
/// Spawn it first: to PID 1, as in a container, signals are lost until someone listens.
Task<> until_signalled();
