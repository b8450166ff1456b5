#include "common/async/subprocess.hpp"

#include "common/async/within.hpp"
#include "test/support/captured_errors.hpp"
#include "test/support/folder.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

Result<Finished> shell(std::string const& script, Environment environment = {}) {
  return run(run_command({"/bin/sh", {"-c", script}, std::move(environment)}));
}

enum class Cancellation { Heard, Lost, TooLate };

/// What comes of a cancellation before the given step of the loop that runs a command.
Cancellation cancelled_before(int step) {
  auto const command_and_more = [](bool& more) -> Task<> {
    CO_TRY(co_await run_command({"/bin/true", {}, {}}));
    more = true;
    co_return co_await forever();
  };
  asio::io_context loop;
  asio::cancellation_signal signal;
  bool more = false;
  bool ended = false;
  auto const note = [&](std::exception_ptr const&, Result<> const&) { ended = true; };
  // Bound to the loop, or Asio of Boost 1.83 would cancel, and throw, before the task has begun.
  asio::co_spawn(loop, at_edge(command_and_more(more)),
                 asio::bind_executor(loop, asio::bind_cancellation_slot(signal.slot(), note)));
  for (int at = 0; at < step; ++at) loop.run_one_for(10s);
  if (more) return Cancellation::TooLate;
  signal.emit(asio::cancellation_type::terminal);
  while (!ended && !more) loop.run_one_for(10s);
  loop.poll();
  return ended ? Cancellation::Heard : Cancellation::Lost;
}

bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

}  // namespace

SCENARIO("a program's output and status are told, and what else it says goes where we say it") {
  CapturedErrors const errors;
  auto const finished = shell("echo out; echo err >&2; exit 3").value();
  CHECK(finished.output == "out\n");
  CHECK(errors.text() == "err\n");
  CHECK(finished.status == 3);
  CHECK(shell("exit 0")->status == 0);
  CHECK(shell("kill -TERM $$")->status == 128 + SIGTERM);
  CHECK(!has_children());
}

SCENARIO("a program is given its arguments and environment and nothing else of ours") {
  CHECK(run(run_command(
                {"/bin/sh", {"-c", "echo \"$0|$1|$A|${HOME-none}\"", "x y", ""}, {{"A", "b=c"}}}))
            ->output == "x y||b=c|none\n");
  CHECK(shell("cat")->output.empty());
  auto const ours = ::open("/dev/null", O_RDONLY);
  CHECK(shell("ls /proc/self/fd | wc -l", {{"PATH", "/usr/bin:/bin"}})->output == "4\n");
  ::close(ours);
}

SCENARIO("a program starts with no signal blocked") {
  sigset_t blocked{};
  sigset_t before{};
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  REQUIRE(::pthread_sigmask(SIG_BLOCK, &blocked, &before) == 0);
  CHECK(shell("kill -TERM $$; echo survived")->status == 128 + SIGTERM);
  REQUIRE(::pthread_sigmask(SIG_SETMASK, &before, nullptr) == 0);
}

SCENARIO("much output is read, too much is refused") {
  CHECK(shell("head -c 1048576 /dev/zero", {{"PATH", "/usr/bin:/bin"}})->output.size() ==
        1'048'576);
  CHECK(shell("exec cat /dev/zero", {{"PATH", "/usr/bin:/bin"}}).error() ==
        Error{Fault::Invalid, "the program wrote more than 1048576 bytes"});
  CHECK(!has_children());
}

SCENARIO("a program that is not there or cannot be run is named") {
  CHECK(run(run_command({"/no/such/program", {}, {}})).error() ==
        Error{Fault::NotFound, "/no/such/program: No such file or directory"});
  CHECK(run(run_command({"/etc/passwd", {}, {}})).error() ==
        Error{Fault::Transient, "/etc/passwd: Permission denied"});
  CHECK(!has_children());
}

SCENARIO("a program that does not end is killed with all that it started") {
  auto const command =
      Command{"/bin/sh", {"-c", "sleep 1000 & sleep 1000"}, {{"PATH", "/usr/bin:/bin"}}};
  auto const outcome = run(within(50ms, run_command(command)));
  CHECK(outcome.error() == Error{Fault::Transient, "no answer within 0.05 s"});
  CHECK(!has_children());
}

SCENARIO("a program that ignores signals and closes its output is killed all the same") {
  auto const command =
      Command{"/bin/sh",
              {"-c", "trap '' TERM INT HUP; exec >&- 2>&-; sleep 1000; sleep 1000"},
              {{"PATH", "/usr/bin:/bin"}}};
  CHECK(run(within(50ms, run_command(command))).error() ==
        Error{Fault::Transient, "no answer within 0.05 s"});
  CHECK(!has_children());
}

SCENARIO("a cancellation is heard whenever it comes") {
  auto outcome = Cancellation::Heard;
  int steps = 0;
  for (; outcome == Cancellation::Heard; ++steps) outcome = cancelled_before(steps);
  CHECK(outcome == Cancellation::TooLate);
  CHECK(steps > 3);
  CHECK(!has_children());
}

SCENARIO("a program is looked for in PATH") {
  Folder const folder;
  auto const program = folder.write_program("bin/login", "#!/bin/sh\n");
  folder.write("first/login", "not a program");
  Environment const environment{{"PATH", folder.path("first") + "::.:" + folder.path("bin")}};
  CHECK(find_program(program, {}).value() == program);
  CHECK(find_program("login", environment).value() == program);
  CHECK(find_program("none", environment).error() ==
        Error{Fault::NotFound, "none: no such program in PATH"});
  CHECK(!find_program("", environment));
  CHECK(find_program(folder.path("none"), {}).error() ==
        Error{Fault::NotFound, folder.path("none") + ": No such file or directory"});
}
