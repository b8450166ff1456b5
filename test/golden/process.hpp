#pragma once
#include <string>
#include <sys/types.h>
#include <vector>

/// What a process left behind.
struct Ended {
  int status = -1;  ///< -1 if a signal killed it
  std::string output;
  std::string errors;
};

/// A binary under test, with its standard output and error in pipes.
class Process {
 public:
  explicit Process(std::vector<std::string> command);

  std::string next_line_of_errors() const;
  void send(int signal) const;
  Ended wait() const;

 private:
  pid_t id_ = -1;
  int output_ = -1;
  int errors_ = -1;
};
