#include "test/support/forked.hpp"

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

int status_of_fork(std::function<void()> const& body) {
  auto const child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    for (int const crash : {SIGABRT, SIGILL, SIGTRAP, SIGSEGV}) (void)std::signal(crash, SIG_DFL);
    body();
    std::_Exit(EXIT_SUCCESS);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return status;
}
