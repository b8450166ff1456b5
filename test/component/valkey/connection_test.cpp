#include "common/valkey/connection.hpp"

#include "common/valkey/info.hpp"
#include "test/component/valkey/asked.hpp"
#include "test/support/run.hpp"
#include "test/support/valkey_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <csignal>

using valkey::Command;
using valkey::Connection;
using valkey::ConnectionLimits;
using valkey::Facts;

using namespace std::chrono_literals;

SCENARIO("a server lets in a user of its ACL, who is known by name", "[valkey]") {
  ValkeyServer const server{with_user()};
  CHECK(who(server.endpoint(), as_operator()) == "op");
}

SCENARIO("a server refuses a wrong password for good, and nobody is told it", "[valkey][H46]") {
  ValkeyServer const server{with_user()};
  auto const refused = refusal(server.endpoint(), as_operator("guessed"));
  CHECK(refused.fault == Fault::Permanent);
  CHECK(refused.message.starts_with("logging in to NODE: WRONGPASS "));
  CHECK_FALSE(refused.message.contains("guessed"));
}

SCENARIO("a server is told of by what its user may not do", "[valkey]") {
  ValkeyServer const server{{"user op on >s3cret -@all +ping"}};
  auto const refused = run([](net::Endpoint node) -> Task<std::string> {
    CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
    co_return co_await text_of(connection, Command{"CONFIG", "GET", "*"});
  }(server.endpoint()));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::Permanent);
  CHECK(refused.error().message.starts_with("NOPERM "));
}

SCENARIO("64 commands in one write are answered in order", "[valkey]") {
  ValkeyServer const server{with_user()};
  auto const in_order = run([](net::Endpoint node) -> Task<bool> {
    CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
    std::vector<Command> commands(Connection::most_outstanding, Command{"INCR", "count"});
    CO_TRY(auto const replies, co_await ask(connection, std::move(commands)));
    for (std::size_t index = 0; index < replies.size(); ++index)
      if (valkey::integer_of(replies[index]).value() != static_cast<std::int64_t>(index) + 1)
        co_return false;
    co_return replies.size() == Connection::most_outstanding&& connection.is_usable();
  }(server.endpoint()));
  CHECK(in_order.value());
}

SCENARIO("a reply larger than allowed ends the connection, and not the operator", "[valkey]") {
  ValkeyServer const server{with_user()};
  auto const refused = run([](net::Endpoint node) -> Task<std::string> {
    ConnectionLimits limits;
    limits.replies.bulk = std::size_t{1} << 20;
    CO_TRY(auto connection, co_await Connection::open(node, as_operator(), limits));
    CO_TRY(co_await text_of(connection,
                            Command{"SET", "large", std::string(std::size_t{2} << 20, 'x')}));
    auto const answered = co_await text_of(connection, Command{"GET", "large"});
    if (answered || connection.is_usable()) co_return std::string{"it was taken"};
    co_return answered.error().message;
  }(server.endpoint()));
  CHECK(refused.value().ends_with("the server's RESP can't be read: a text is too long"));
}

namespace {

/// Kills the server once a client of it waits, and so has got what was said before.
Task<> kill_when_blocked(ValkeyServer const& server, Connection& watching) {
  while (true) {
    CO_TRY(auto const told, co_await text_of(watching, Command{"INFO", "clients"}));
    CO_TRY(auto const clients, Facts::parse(told));
    CO_TRY(auto const blocked, clients.integer("blocked_clients"));
    if (blocked == 1) break;
  }
  server.send(SIGKILL);
  co_return ok;
}

Task<> ask_for_two(Connection& connection, Result<std::vector<valkey::Reply>>& answered) {
  std::vector<Command> commands;
  commands.push_back(Command{"PING"});
  commands.push_back(Command{"BLPOP", "nothing", "0"});
  answered = co_await ask(connection, std::move(commands));
  CHECK_FALSE(connection.is_usable());
  co_return ok;
}

Task<std::vector<valkey::Reply>> asked_while_killed(ValkeyServer const& server) {
  CO_TRY(auto asking, co_await Connection::open(server.endpoint(), as_operator()));
  CO_TRY(auto watching, co_await Connection::open(server.endpoint(), as_operator()));
  Result<std::vector<valkey::Reply>> answered = cancelled();
  CO_TRY(co_await together([&](TaskGroup& group) {
    group.spawn(ask_for_two(asking, answered));
    group.spawn(kill_when_blocked(server, watching));
  }));
  co_return answered;
}

}  // namespace

SCENARIO("a server that is killed between two replies has given none", "[valkey]") {
  ValkeyServer const server{with_user()};
  auto const answered = run(asked_while_killed(server));
  REQUIRE_FALSE(answered);
  CHECK(answered.error().fault == Fault::Transient);
  CHECK(answered.error().message.starts_with("asking 127.0.0.1:"));
}

SCENARIO("a server that accepts and never answers is given up", "[valkey]") {
  ValkeyServer const server{with_user()};
  server.send(SIGSTOP);
  CHECK(refusal(server.endpoint(), as_operator(), {.introducing = 50ms}) ==
        Error{Fault::Transient, "logging in to NODE: no answer within 0.05 s"});
  server.send(SIGCONT);
  CHECK(who(server.endpoint(), as_operator()) == "op");
}

SCENARIO("a server that is loading lets us in, and says that it will pass", "[valkey][H65]") {
  ValkeyServer server{with_user({"enable-debug-command yes"})};
  auto const saved = run([](net::Endpoint node) -> Task<> {
    CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
    CO_TRY(co_await text_of(connection, Command{"DEBUG", "POPULATE", "20000", "key", "100"}));
    CO_TRY(co_await text_of(connection, Command{"SAVE"}));
    co_return ok;
  }(server.endpoint()));
  REQUIRE(saved);
  server.restart({"key-load-delay 10000", "loading-process-events-interval-bytes 1024"});
  auto const loading = run([](net::Endpoint node) -> Task<std::string> {
    CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
    co_return co_await text_of(connection, Command{"PING"});
  }(server.endpoint()));
  REQUIRE_FALSE(loading);
  CHECK(loading.error().fault == Fault::Transient);
  CHECK(loading.error().message.starts_with("LOADING "));
}
