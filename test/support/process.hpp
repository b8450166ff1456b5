#pragma once
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

/// What a process left behind.
struct Ended {
  int status = -1;  ///< -1 if a signal killed it
  std::string output;
  std::string errors;
};

/// A program, found in PATH unless named by a path. Its standard output is in a file and its errors
/// in a pipe, so that it never waits for us to read both. Killed unless it was waited for.
class Process {
 public:
  explicit Process(std::vector<std::string> command, std::string_view input = {});
  Process(Process const&) = delete;
  Process& operator=(Process const&) = delete;
  ~Process();

  std::string next_line_of_errors() const;
  void send(int signal) const;
  Ended wait();

 private:
  pid_t id_ = -1;
  int output_ = -1;
  int errors_ = -1;
};
