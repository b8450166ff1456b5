#include "common/program.hpp"

#include "common/logging.hpp"
#include "test/support/captured_errors.hpp"
#include "test/support/forked.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

struct Ended {
  int status;
  std::string errors;
};

int status(Task<> (*work)(), std::vector<char const*> arguments = {}) {
  arguments.insert(arguments.begin(), "sample");
  Program const program{
      .name = "sample", .purpose = "Serves as a sample.", .flags = {}, .work = work};
  auto const status = program.run(arguments);
  logging::set_level(logging::Level::Info);
  return status;
}

Ended ended(Task<> (*work)(), std::vector<char const*> arguments = {}) {
  CapturedErrors const errors;
  auto const ending = status(work, std::move(arguments));
  return {ending, errors.text()};
}

Task<> succeeding() { co_return ok; }
Task<> stopping() { co_return cancelled(); }
Task<> failing() { co_return transient("no route to host"); }
Task<> throwing() {
  throw std::runtime_error{"boom"};
  co_return ok;
}
Task<> refusing_to_start() { throw std::runtime_error{"boom"}; }

Task<> finding_streams_open() {
  for (int const stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) < 0) co_return permanent("closed");
  co_return ok;
}

}  // namespace

SCENARIO("the exit status says how the work ended") {
  CHECK(ended(succeeding).status == 0);
  CHECK(ended(stopping).status == 0);
  CHECK(ended(failing).status == 1);
  CHECK(ended(throwing).status == 1);
  CHECK(ended(refusing_to_start).status == 1);
  CHECK(ended(succeeding, {"--unknown"}).status == 2);
}

SCENARIO("start and end are logged, a failure with its message") {
  auto const errors = ended(failing).errors;
  CHECK(errors.find(R"("event":"started","program":"sample")") != std::string::npos);
  CHECK(errors.find(R"("event":"failed","message":"no route to host")") != std::string::npos);
}

SCENARIO("the log level decides what is written") {
  CHECK(ended(succeeding, {"--log-level=error"}).errors.empty());
  CHECK(!ended(failing, {"--log-level=error"}).errors.empty());
  CHECK(!ended(succeeding, {"--log-level=debug"}).errors.empty());
}

SCENARIO("flags reach those who asked for them") {
  std::string file = "default";
  std::optional<net::Endpoint> address{{.host = {}, .port = 1}};
  bool elects = true;
  auto const parsed = [&](std::vector<char const*> arguments) {
    CapturedErrors const errors;
    arguments.insert(arguments.begin(), "sample");
    Program const program{
        .name = "sample",
        .purpose = "Serves as a sample.",
        .flags = {{.name = "--file", .value = "FILE", .meaning = "", .target = text_into(file)},
                  {.name = "--at", .value = "A", .meaning = "", .target = address_into(address)},
                  {.name = "--elect", .value = {}, .meaning = "", .target = switch_into(elects)}},
        .work = succeeding};
    auto const status = program.run(arguments);
    return Ended{status, errors.text()};
  };
  GIVEN("none") {
    THEN("the defaults stay") {
      CHECK(parsed({}).status == 0);
      CHECK(file == "default");
      CHECK(address == net::Endpoint{.host = {}, .port = 1});
      CHECK(elects);
    }
  }
  GIVEN("some, in both forms") {
    CHECK(parsed({"--file", "/x", "--at=:2", "--elect=false"}).status == 0);
    CHECK(file == "/x");
    CHECK(address == net::Endpoint{.host = {}, .port = 2});
    CHECK_FALSE(elects);
    CHECK(parsed({"--elect", "--at", "0"}).status == 0);
    CHECK(elects);
    CHECK_FALSE(address);
    CHECK(parsed({"--file", "a", "--elect", "false", "--file", "b"}).status == 0);
    CHECK(file == "b");
    CHECK_FALSE(elects);
  }
  GIVEN("wrong ones") {
    THEN("the flag is named, with what is wrong") {
      auto const unset = parsed({"--file=", "--elect"});
      CHECK(unset.status == 2);
      CHECK(unset.errors == "sample: --file= needs a value\n`sample --help` lists all flags.\n");
      auto const empty = parsed({"--file", ""});
      CHECK(empty.status == 2);
      CHECK(empty.errors.starts_with("sample: --file: must not be empty"));
      auto const nowhere = parsed({"--at", "nowhere"});
      CHECK(nowhere.status == 2);
      CHECK(nowhere.errors.starts_with("sample: --at: 'nowhere' is no address to listen at"));
      for (auto const* const wrong : {"--elect=perhaps", "--elect=1", "--elect=-1", "--elect=+"}) {
        auto const refused = parsed({wrong});
        CHECK(refused.status == 2);
        CHECK(refused.errors.starts_with("sample: --elect: must be true or false"));
      }
      CHECK(parsed({"--elect="}).status == 2);
      CHECK(parsed({"--at"}).errors.starts_with("sample: --at: "));
      auto const unknown = parsed({"--colour", "red", "--elect"});
      CHECK(unknown.status == 2);
      CHECK(unknown.errors.starts_with("sample: no such flag: --colour red\n"));
    }
  }
}

SCENARIO("the exit status does not depend on whether anybody reads what is written") {
  GIVEN("a pipe whose reader has gone") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    close(ends[0]);
    (void)std::signal(SIGPIPE, SIG_DFL);  // whatever started the tests may ignore it
    {
      RedirectedErrors const errors{ends[1]};
      CHECK(status(succeeding) == 0);
      CHECK(status(failing) == 1);
    }
    close(ends[1]);
  }
  GIVEN("a disk that is full") {
    auto const full = open("/dev/full", O_WRONLY);
    REQUIRE(full >= 0);
    {
      RedirectedErrors const errors{full};
      CHECK(status(succeeding) == 0);
      CHECK(status(succeeding, {"--unknown"}) == 2);
    }
    close(full);
  }
}

SCENARIO("streams that were closed at the start are open while the program works") {
  auto const ending = status_of_fork([] {
    for (int const stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) close(stream);
    std::_Exit(status(finding_streams_open));
  });
  REQUIRE(WIFEXITED(ending));
  CHECK(WEXITSTATUS(ending) == 0);
}
