#pragma once
#include "common/async/task.hpp"
#include "common/environment.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

struct Command {
  std::string program;  ///< its path
  std::vector<std::string> arguments;
  Environment environment;  ///< all of it: nothing is inherited
};

struct Finished {
  /// What it exited with; 128 and more: the signal that killed it, as a shell says.
  int status = 0;
  std::string output;
};

constexpr std::size_t most_output = std::size_t{1} << 20U;

/// Runs a program with nothing to read until it exits and has closed its output. Its standard error
/// is ours. Invalid if it writes more than most_output; NotFound if it is not there. However this
/// ends, cancelled or not, the program and what it left behind in its process group are gone.
Task<Finished> run_command(Command command);

/// The path of the program that `name` means: itself if it has a slash in it, else the first of
/// that name that can be run in a folder of PATH. NotFound if there is none.
Result<std::string> find_program(std::string_view name, Environment const& environment);
