#include "test/support/process.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

std::string read_rest(int file) {
  std::string text;
  std::array<char, 4096> buffer{};
  ssize_t length = 0;
  while ((length = read(file, buffer.data(), buffer.size())) > 0)
    text.append(buffer.data(), static_cast<std::size_t>(length));
  REQUIRE(length == 0);
  return text;
}

/// A file, read from its beginning, that holds `text`.
int file_of(std::string_view text) {
  auto const file = memfd_create("input", MFD_CLOEXEC);
  REQUIRE(pwrite(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  return file;
}

}  // namespace

Process::Process(std::vector<std::string> command, std::string_view input)
    : output_{memfd_create("output", MFD_CLOEXEC)} {
  auto const given = file_of(input);
  std::array<int, 2> errors{};
  REQUIRE(pipe2(errors.data(), O_CLOEXEC) == 0);
  errors_ = errors[0];
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, given, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output_, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors[1], STDERR_FILENO);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (auto& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  auto const failure =
      posix_spawnp(&id_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(errors[1]);
  close(given);
  REQUIRE(failure == 0);
}

Process::~Process() {
  if (id_ > 0) {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  close(output_);
  close(errors_);
}

std::string Process::next_line_of_errors() const {
  std::string line;
  for (char byte = '\0'; byte != '\n' && read(errors_, &byte, 1) == 1;) line += byte;
  return line;
}

void Process::send(int signal) const { REQUIRE(kill(id_, signal) == 0); }

Ended Process::wait() {
  Ended ended;
  ended.errors = read_rest(errors_);
  int status = 0;
  REQUIRE(waitpid(id_, &status, 0) == id_);
  id_ = -1;
  if (WIFEXITED(status)) ended.status = WEXITSTATUS(status);
  REQUIRE(lseek(output_, 0, SEEK_SET) == 0);
  ended.output = read_rest(output_);
  return ended;
}
