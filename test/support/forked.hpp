#pragma once
#include <functional>

/// The status, as waitpid() tells it, of a copy of this process that runs `body` and then exits.
int status_of_fork(std::function<void()> const& body);
