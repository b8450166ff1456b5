#pragma once
#include "common/async/task.hpp"
#include "common/flags.hpp"

#include <functional>
#include <span>
#include <string_view>
#include <vector>

/// What both binaries do around their own work.
struct Program {
  std::string_view name;
  std::string_view purpose;
  std::vector<Flag> flags;  ///< beside --help, --version and --log-level
  std::function<Task<>()> work;

  /// Reads the flags and does the work on this thread. The exit status: 0 when the work ended
  /// well or was asked to stop, 1 when it failed, 2 when a flag was wrong.
  int run(std::span<char const* const> arguments) const noexcept;
};
