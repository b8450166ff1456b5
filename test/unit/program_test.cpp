#include "common/program.hpp"

#include "common/logging.hpp"
#include "test/support/captured_errors.hpp"

#include <catch2/catch_test_macros.hpp>
#include <stdexcept>
#include <vector>

namespace {

struct Ended {
  int status;
  std::string errors;
};

Ended ended(Task<> (*work)(), std::vector<char const*> arguments = {}) {
  arguments.insert(arguments.begin(), "sample");
  Program const program{.name = "sample", .purpose = "Serves as a sample.", .work = work};
  CapturedErrors const errors;
  auto const status = program.run(arguments);
  logging::set_level(logging::Level::Info);
  return {status, errors.text()};
}

Task<> succeeding() { co_return ok; }
Task<> stopping() { co_return cancelled(); }
Task<> failing() { co_return transient("no route to host"); }
Task<> throwing() {
  throw std::runtime_error{"boom"};
  co_return ok;
}
Task<> refusing_to_start() { throw std::runtime_error{"boom"}; }

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
