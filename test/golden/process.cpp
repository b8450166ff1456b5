#include "test/golden/process.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

std::string read_rest(int pipe) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t length = 0; (length = read(pipe, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(length));
  close(pipe);
  return text;
}

}  // namespace

Process::Process(std::vector<std::string> command) {
  std::array<int, 2> output{};
  std::array<int, 2> errors{};
  REQUIRE(pipe(output.data()) == 0);
  REQUIRE(pipe(errors.data()) == 0);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors[1], STDERR_FILENO);
  for (int const pipe : {output[0], output[1], errors[0], errors[1]})
    posix_spawn_file_actions_addclose(&actions, pipe);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (auto& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  REQUIRE(posix_spawn(&id_, arguments[0], &actions, nullptr, arguments.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  close(output[1]);
  close(errors[1]);
  output_ = output[0];
  errors_ = errors[0];
}

std::string Process::next_line_of_errors() const {
  std::string line;
  for (char byte = '\0'; byte != '\n' && read(errors_, &byte, 1) == 1;) line += byte;
  return line;
}

void Process::send(int signal) const { REQUIRE(kill(id_, signal) == 0); }

Ended Process::wait() const {
  Ended ended{.output = read_rest(output_), .errors = read_rest(errors_)};
  int status = 0;
  REQUIRE(waitpid(id_, &status, 0) == id_);
  if (WIFEXITED(status)) ended.status = WEXITSTATUS(status);
  return ended;
}
