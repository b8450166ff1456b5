#pragma once
#include "common/async/task.hpp"

/// Waits until it is cancelled.
Task<> forever();

/// Ends after letting everything else that is ready go first.
Task<> one_turn();
