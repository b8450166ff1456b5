#pragma once
#include "common/async/task.hpp"

#include <functional>

/// Runs the task that `work` makes on a thread of its own, which has a loop of its own, and ends
/// with it. `work` is called on that thread, and shares nothing with this one but what any thread
/// may use. Cancelling the caller cancels the task, and waits until it is gone.
Task<> on_own_thread(std::function<Task<>()> work);
