#include "common/kube/exec_credentials.hpp"

#include "common/async/task_group.hpp"
#include "common/file.hpp"
#include "test/support/captured_errors.hpp"
#include "test/support/folder.hpp"
#include "test/support/manual_clock.hpp"
#include "test/support/manual_loop.hpp"
#include "test/support/present.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;
using kube::ExecCredentials;

std::string const v1 = "client.authentication.k8s.io/v1";

std::string answer(std::string_view status) {
  return R"({"kind": "ExecCredential", "apiVersion": ")" + v1 + R"(", "status": {)" +
         std::string{status} + "}}";
}

/// A plugin that writes what the file "answer" says, and a line to "runs" each time.
struct Plugin {
  Folder folder;
  ManualClock clock;
  std::string program = folder.write_program(
      "login",
      "#!/bin/sh\ncd \"$(dirname \"$0\")\"\necho run >> runs\n"
      "echo \"$KUBERNETES_EXEC_INFO\" > info\necho \"$A $B $1\" > given\ncat answer\n");
  ExecCredentials credentials{description(), clock, {{"PATH", "/usr/bin:/bin"}, {"A", "ours"}}};

  explicit Plugin(std::string_view status) { answers(status); }
  void answers(std::string_view status) const { folder.write("answer", answer(status)); }
  kube::ExecPlugin description() const {
    return {.command = program,
            .arguments = {"argument"},
            .variables = {{"B", "theirs"}},
            .api_version = v1,
            .install_hint = "",
            .cluster = json::object{{"server", "https://api"}},
            .origin = "users[alice].user.exec"};
  }
  auto runs() const {
    return std::ranges::count(read_file(folder.path("runs"), 1000).value_or(""), '\n');
  }
  kube::Credential current() {
    auto found = run(credentials.current());
    CAPTURE(found ? "" : found.error().message);
    REQUIRE(found);
    return *std::move(found);
  }
  std::string complaint() {
    auto const found = run(credentials.current());
    REQUIRE(!found);
    CHECK(!found.error().message.contains("hidden"));
    std::string const start = "users[alice].user.exec: ";
    REQUIRE(found.error().message.starts_with(start));
    return found.error().message.substr(start.size());
  }
};

std::string refusal(std::string_view text) {
  auto const parsed = kube::parse_exec_credential(text, v1);
  REQUIRE(!parsed);
  CHECK(!parsed.error().message.contains("hidden"));
  return parsed.error().message;
}

Task<> asked(ExecCredentials& credentials, int& answers) {
  CO_TRY(co_await credentials.current());
  ++answers;
  co_return ok;
}

}  // namespace

SCENARIO("a plugin tells a token, a certificate, or both, and how long they hold") {
  auto const told = kube::parse_exec_credential(
      answer(R"("token": "abc", "clientCertificateData": "crt", "clientKeyData": "key",
                "expirationTimestamp": "2030-01-01T12:00:00Z")"),
      v1);
  REQUIRE(told);
  CHECK(told->token == Secret{"abc"});
  CHECK(present(told->identity).certificates == net::Pem{Secret{"crt"}});
  CHECK(present(told->identity).key == net::Pem{Secret{"key"}});
  CHECK(told->expires == ManualClock{}.wall_time());
  CHECK(!kube::parse_exec_credential(answer(R"("token": "abc")"), v1)->expires);
}

SCENARIO("what a plugin tells wrongly is refused and not quoted") {
  CHECK(refusal("hidden") == "it did not write JSON");
  CHECK(refusal("{}") == "it did not write an ExecCredential of " + v1);
  CHECK(refusal(R"({"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1",
                    "status": {"token": "hidden"}})") ==
        "it did not write an ExecCredential of " + v1);
  CHECK(refusal(R"({"kind": "ExecCredential", "apiVersion": ")" + v1 + R"("})") ==
        "it wrote no status");
  CHECK(refusal(answer("")) == "it wrote neither a token nor a certificate");
  auto const* const half = "it wrote a certificate or a key, but not both";
  CHECK(refusal(answer(R"("token": "hidden", "clientKeyData": "hidden")")) == half);
  CHECK(refusal(answer(R"("clientCertificateData": "hidden")")) == half);
  CHECK(refusal(answer(R"("token": "hidden\r\nX: y")")) == "it wrote a token that is not one word");
  CHECK(refusal(answer(R"("token": 12345)")) ==
        "status.token: expected a string: put it in quotes");
  CHECK(refusal(answer(R"("token": "hidden", "expirationTimestamp": "soon")")) ==
        "its expirationTimestamp is not a time of RFC 3339");
}

SCENARIO("a plugin is run with what it has to know") {
  Plugin plugin{R"("token": "abc")"};
  CHECK(plugin.current().authorization == Secret{"Bearer abc"});
  CHECK(read_file(plugin.folder.path("given"), 100).value() == "ours theirs argument\n");
  CHECK(json::parse(read_file(plugin.folder.path("info"), 1000).value()) ==
        json::value{{"kind", "ExecCredential"},
                    {"apiVersion", v1},
                    {"spec", {{"interactive", false}, {"cluster", {{"server", "https://api"}}}}}});
}

SCENARIO("what a plugin told is used until shortly before it expires") {
  Plugin plugin{R"("token": "one", "expirationTimestamp": "2030-01-01T12:01:00Z")"};
  auto const first = plugin.current();
  plugin.answers(R"("token": "two")");
  plugin.clock.advance(std::chrono::seconds{49});
  CHECK(plugin.current().generation == first.generation);
  CHECK(plugin.runs() == 1);
  plugin.clock.advance(std::chrono::seconds{1});
  CHECK(plugin.current().authorization == Secret{"Bearer two"});
  CHECK(plugin.current().generation > first.generation);
  CHECK(plugin.runs() == 2);
}

SCENARIO("what still holds is used when the plugin fails, and no longer") {
  Plugin plugin{R"("token": "one", "expirationTimestamp": "2030-01-01T12:01:00Z")"};
  CHECK(plugin.current().authorization == Secret{"Bearer one"});
  plugin.folder.write("answer", "hidden");
  plugin.clock.advance(std::chrono::seconds{55});
  CHECK(plugin.current().authorization == Secret{"Bearer one"});
  plugin.clock.advance(std::chrono::seconds{5});
  CHECK(plugin.complaint() == plugin.program + ": it did not write JSON");
}

SCENARIO("after a refusal a plugin is run once more") {
  Plugin plugin{R"("token": "one")"};
  auto const first = plugin.current().generation;
  CHECK(!run(plugin.credentials.refused(first)).value());
  CHECK(plugin.runs() == 2);
  CHECK(!run(plugin.credentials.refused(first)).value());
  CHECK(plugin.runs() == 2);
  Plugin other{R"("token": "one")"};
  auto const before = other.current().generation;
  other.answers(R"("token": "two")");
  CHECK(run(other.credentials.refused(before)).value());
  CHECK(other.runs() == 2);
  CHECK(run(other.credentials.refused(before)).value());
  CHECK(other.runs() == 2);
}

SCENARIO("a new certificate is told apart from a new token") {
  Plugin plugin{R"("token": "a", "clientCertificateData": "c", "clientKeyData": "k",
                   "expirationTimestamp": "2030-01-01T12:00:00Z")"};
  auto const first = plugin.current();
  CHECK(present(first.identity).key == net::Pem{Secret{"k"}});
  plugin.answers(R"("token": "b", "clientCertificateData": "c", "clientKeyData": "k",
                    "expirationTimestamp": "2030-01-01T12:00:00Z")");
  auto const second = plugin.current();
  CHECK(second.generation > first.generation);
  CHECK(second.identity_generation == first.identity_generation);
  plugin.answers(R"("token": "b", "clientCertificateData": "c2", "clientKeyData": "k2")");
  auto const third = plugin.current();
  CHECK(third.generation > second.generation);
  CHECK(third.identity_generation > second.identity_generation);
}

SCENARIO("a plugin runs once for all who wait") {
  Plugin plugin{R"("token": "abc")"};
  int answers = 0;
  auto const ask_five_times = [&](TaskGroup& group) {
    for (int task = 0; task < 5; ++task) group.spawn(asked(plugin.credentials, answers));
  };
  CHECK(run(together(ask_five_times)));
  CHECK(answers == 5);
  CHECK(plugin.runs() == 1);
}

SCENARIO("all who wait are told why a plugin failed, and it is not run for each") {
  Plugin plugin{""};
  int failures = 0;
  auto const failing = [](ExecCredentials& credentials, int& count) -> Task<> {
    auto const found = co_await credentials.current();
    if (!found) ++count;
    co_return ok;
  };
  auto const fail_three_times = [&](TaskGroup& group) {
    for (int task = 0; task < 3; ++task) group.spawn(failing(plugin.credentials, failures));
  };
  CHECK(run(together(fail_three_times)));
  CHECK(failures == 3);
  CHECK(plugin.runs() == 1);
}

SCENARIO("when the one who runs a plugin is cancelled the next one runs it") {
  Plugin plugin{R"("token": "abc")"};
  int answers = 0;
  ManualLoop loop;
  auto first = loop.start(asked(plugin.credentials, answers));
  auto second = loop.start(asked(plugin.credentials, answers));
  auto third = loop.start(asked(plugin.credentials, answers));
  first.cancel();
  third.cancel();
  while (first.is_running() || second.is_running() || third.is_running()) loop.settle();
  CHECK(first.outcome().error().fault == Fault::Cancelled);
  CHECK(second.outcome());
  CHECK(third.outcome().error().fault == Fault::Cancelled);
  CHECK(answers == 1);
}

SCENARIO("a plugin that cannot be run, fails or hangs is named") {
  Plugin plugin{""};
  WHEN("it is missing") {
    auto description = plugin.description();
    description.command = "aws-login";
    description.install_hint = "run \x1b[1minstall";
    ExecCredentials credentials{description, plugin.clock, {}};
    CHECK(run(credentials.current()).error() ==
          Error{Fault::Permanent,
                "users[alice].user.exec: aws-login: no such program in PATH: run ?[1minstall"});
    description.install_hint = "";
    ExecCredentials without_hint{description, plugin.clock, {}};
    CHECK(run(without_hint.current()).error().message.ends_with(": install it, or mend the path"));
  }
  WHEN("it fails") {
    plugin.folder.write_program("login", "#!/bin/sh\necho hidden\necho hidden too >&2\nexit 4");
    CapturedErrors const errors;
    CHECK(plugin.complaint() ==
          plugin.program + ": exited with status 4: standard error may say why");
    CHECK(errors.text() == "hidden too\n");  // once, as it wrote it
  }
  WHEN("it writes too much") {
    plugin.folder.write_program("login", "#!/bin/sh\nexec cat /dev/zero");
    CHECK(plugin.complaint() == plugin.program + ": the program wrote more than 1048576 bytes");
  }
  WHEN("it tells nothing useful") {
    CHECK(plugin.complaint() == plugin.program + ": it wrote neither a token nor a certificate");
  }
}

SCENARIO("a plugin that fails is left alone, for longer each time, and then asked again") {
  Plugin plugin{"hidden"};
  auto const complaint = plugin.complaint();
  CHECK(plugin.runs() == 1);
  auto runs = plugin.runs();
  for (auto const rest : {2s, 4s, 8s, 16s, 30s, 30s}) {
    CAPTURE(rest.count());
    plugin.clock.advance(rest - 1ms);
    CHECK(plugin.complaint() == complaint);
    CHECK(plugin.runs() == runs);
    plugin.clock.advance(1ms);
    CHECK(plugin.complaint() == complaint);
    CHECK(plugin.runs() == ++runs);
  }
  plugin.answers(R"("token": "abc", "expirationTimestamp": "2030-01-01T12:03:00Z")");
  plugin.clock.advance(30s);
  CHECK(plugin.current().authorization == Secret{"Bearer abc"});
  WHEN("it fails again after it told something") {
    plugin.answers("hidden");
    plugin.clock.advance(1min);
    CHECK(plugin.complaint() == complaint);
    runs = plugin.runs();
    plugin.clock.advance(2s);
    CHECK(plugin.complaint() == complaint);
    THEN("it rests for as long as at first") { CHECK(plugin.runs() == runs + 1); }
  }
}

SCENARIO("a plugin that rests is not asked after a refusal, nor before what it told expires") {
  Plugin plugin{R"("token": "one", "expirationTimestamp": "2030-01-01T12:01:00Z")"};
  auto const first = plugin.current().generation;
  plugin.answers("hidden");
  CHECK(!run(plugin.credentials.refused(first)));
  CHECK(plugin.runs() == 2);
  CHECK(!run(plugin.credentials.refused(first)));
  CHECK(plugin.runs() == 2);
  plugin.clock.advance(55s);
  CHECK(plugin.current().generation == first);
  CHECK(plugin.current().generation == first);
  CHECK(plugin.runs() == 3);
  plugin.answers(R"("token": "two")");
  plugin.clock.advance(4s);
  CHECK(plugin.current().authorization == Secret{"Bearer two"});
}

SCENARIO("a plugin that is missing is looked for again when it has rested, and nothing is logged") {
  Plugin plugin{R"("token": "abc")"};
  CapturedErrors const errors;
  auto description = plugin.description();
  description.command = plugin.folder.path("late");
  description.install_hint = "run install";
  ExecCredentials credentials{description, plugin.clock, {{"PATH", "/usr/bin:/bin"}}};
  auto const missing = run(credentials.current()).error();
  CHECK(missing.fault == Fault::Permanent);
  CHECK(missing.message.ends_with(": run install"));
  plugin.folder.write_program("late", "#!/bin/sh\nexec \"$(dirname \"$0\")\"/login");
  CHECK(run(credentials.current()).error() == missing);
  plugin.clock.advance(2s);
  CHECK(run(credentials.current())->authorization == Secret{"Bearer abc"});
  CHECK(errors.text().empty());
}

SCENARIO("a plugin whose run was cancelled has not failed") {
  Plugin plugin{R"("token": "abc")"};
  int answers = 0;
  ManualLoop loop;
  auto asking = loop.start(asked(plugin.credentials, answers));
  asking.cancel();
  CHECK(loop.until([&] { return !asking.is_running(); }));
  CHECK(plugin.current().authorization == Secret{"Bearer abc"});
}

SCENARIO("a plugin that hangs is given a minute") {
  Plugin plugin{""};
  plugin.folder.write_program("login", "#!/bin/sh\nsleep 1000");
  Result<> outcome;
  auto const hanging = [](Plugin& hung, Result<>& ended) -> Task<> {
    co_return co_await together([&](TaskGroup& group) {
      group.spawn([](Plugin& who, Result<>& end) -> Task<> {
        auto const found = co_await who.credentials.current();
        end = found ? ok : Result<>{Failure{found.error()}};
        co_return ok;
      }(hung, ended));
      group.spawn([](Plugin& who) -> Task<> {
        while (!who.clock.earliest()) CO_TRY(co_await one_turn());
        who.clock.advance(std::chrono::seconds{60});
        co_return ok;
      }(hung));
    });
  };
  CHECK(run(hanging(plugin, outcome)));
  CHECK(outcome.error() ==
        Error{Fault::Transient, "users[alice].user.exec: no answer within 60 s"});
}
