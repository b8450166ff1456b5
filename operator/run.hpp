#pragma once
#include "common/async/task.hpp"
#include "common/environment.hpp"
#include "operator/settings.hpp"

/// Answers probes, waits for the lease and works while it holds it, until SIGTERM or SIGINT: then
/// the work ends first, and the lease is given up. Invalid when the API server is not known or
/// can't be used as told, Permanent when the lease was lost.
Task<> run(Settings const& settings, Environment const& environment);
