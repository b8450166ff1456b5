#include "common/valkey/connection.hpp"

#include "test/support/listener.hpp"
#include "test/support/run.hpp"
#include "test/support/waiting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <functional>

using valkey::Access;
using valkey::Command;
using valkey::Connection;
using valkey::ConnectionLimits;
using valkey::Reply;

namespace {

using namespace std::chrono_literals;

constexpr std::string_view welcome = "%2\r\n$6\r\nserver\r\n$6\r\nvalkey\r\n$5\r\nproto\r\n:3\r\n";
constexpr std::string_view end_of_hello = "valkey-operator\r\n";

Access access() {
  return {.credentials = {.user = "op", .password = Secret{"s3cret"}},
          .tls = nullptr,
          .server_name = {}};
}

std::vector<Command> commands(std::size_t count) {
  return std::vector<Command>(count, Command{"PING"});
}

/// What a peer does once it was greeted, and what a client does of which the outcome is told.
using Peer = std::function<Task<>(net::Stream&)>;
using Work = std::function<Task<>(Connection&)>;

Task<> play_peer(Listener& listener, std::string_view greeting, Peer const& peer) {
  CO_TRY(auto stream, co_await listener.next());
  CO_TRY(co_await read_until(stream, end_of_hello));
  CO_TRY(co_await stream.write(greeting));
  co_return co_await peer(stream);
}

Task<> play_client(net::Endpoint node, ConnectionLimits limits, Work const& work,
                   Result<>& outcome) {
  auto connection = co_await Connection::open(std::move(node), access(), limits);
  if (connection)
    outcome = co_await work(*connection);
  else
    outcome = Failure{connection.error()};
  co_return cancelled();
}

Task<> stage(std::string_view greeting, Peer peer, Work work, ConnectionLimits limits,
             Result<>& outcome, std::string& node) {
  Listener listener{co_await asio::this_coro::executor};
  node = listener.endpoint().text();
  (void)co_await within(5s, together([&](TaskGroup& group) {
                          group.spawn(play_peer(listener, greeting, peer));
                          group.spawn(play_client(listener.endpoint(), limits, work, outcome));
                        }));
  co_return ok;
}

/// The client's failure, with NODE for the address; empty for none.
std::string failure_of(std::string_view greeting, Peer peer, Work work,
                       ConnectionLimits limits = {}) {
  Result<> outcome = permanent("the client did not end");
  std::string node;
  auto const staged = run(stage(greeting, std::move(peer), std::move(work), limits, outcome, node));
  REQUIRE(staged);
  if (outcome) return "";
  auto message = outcome.error().message;
  if (auto const place = message.find(node); place != std::string::npos)
    message.replace(place, node.size(), "NODE");
  auto const* const fault = outcome.error().fault == Fault::Transient ? "" : "lasting: ";
  return fault + message;
}

Task<> stays(net::Stream&) { return forever(); }
Task<> does_nothing(Connection&) { co_return ok; }

/// Waits for so many commands before it says anything.
Peer answering(std::size_t count, std::string const& answer) {
  return [count, answer](net::Stream& stream) -> Task<> {
    return [](net::Stream& to, std::size_t pings, std::string bytes) -> Task<> {
      for (; pings > 0; --pings) CO_TRY(co_await read_until(to, "PING\r\n"));
      CO_TRY(co_await to.write(bytes));
      co_return co_await forever();
    }(stream, count, answer);
  };
}

Task<> ask_once(Connection& connection) {
  CO_TRY(co_await connection.exchange(commands(2), 5s));
  co_return connection.is_usable() ? ok : transient("it can't be used again");
}

/// A failure leaves nothing that could be used.
Task<> ask_and_look(Connection& connection) {
  auto const first = co_await connection.exchange(commands(1), 50ms);
  if (first) co_return permanent("there was an answer");
  if (connection.is_usable()) co_return permanent("it can still be used");
  auto const second = co_await connection.exchange(commands(1), 5s);
  if (second || !second.error().message.ends_with("not connected"))
    co_return permanent("it was asked again");
  co_return Failure{first.error()};
}

}  // namespace

SCENARIO("a connection is open once the server has agreed to speak RESP3") {
  CHECK(failure_of(welcome, stays, does_nothing).empty());
  CHECK(failure_of("*4\r\n+proto\r\n:3\r\n+x\r\n+y\r\n", stays, does_nothing).empty());
  CHECK(failure_of("%1\r\n+proto\r\n:2\r\n", stays, does_nothing) ==
        "logging in to NODE: the server does not speak RESP3");
  CHECK(failure_of("+OK\r\n", stays, does_nothing) ==
        "logging in to NODE: expected a map, got text");
  CHECK(failure_of("HTTP/1.1 400 Bad Request\r\n", stays, does_nothing) ==
        "logging in to NODE: the server's RESP can't be read: there is no such type of reply");
}

SCENARIO("why a server refuses us is told, and what it asks of us") {
  CHECK(failure_of("-WRONGPASS invalid username-password pair\r\n", stays, does_nothing) ==
        "lasting: logging in to NODE: WRONGPASS invalid username-password pair");
  CHECK(failure_of("-LOADING Valkey is loading\r\n", stays, does_nothing) ==
        "logging in to NODE: LOADING Valkey is loading");
  CHECK(failure_of("-ERR \x1b[2J\r\n", stays, does_nothing) ==
        R"(lasting: logging in to NODE: ERR \x1b[2J)");
}

SCENARIO("a password that a server repeats is not told", "[H46]") {
  CHECK(failure_of("-ERR unknown command `HELLO`, with args beginning with: `3` `s3cret`\r\n",
                   stays, does_nothing) ==
        "lasting: logging in to NODE: the server's refusal repeats the password");
  CHECK(failure_of("-s3cret\r\n", stays, does_nothing) ==
        "lasting: logging in to NODE: the server's refusal repeats the password");
}

SCENARIO("a server that accepts and never answers is given up") {
  CHECK(failure_of("", stays, does_nothing, {.introducing = 50ms}) ==
        "logging in to NODE: no answer within 0.05 s");
  CHECK(failure_of(welcome, stays, ask_and_look) == "asking NODE: no answer within 0.05 s");
}

SCENARIO("replies come in order, refusals among them, and so the connection can be used again") {
  auto const ask = [](Connection& connection) -> Task<> {
    CO_TRY(auto const replies, co_await connection.exchange(commands(3), 5s));
    std::vector<Reply> const expected{{std::string{"a"}}, {valkey::ErrorReply{"ERR b"}}, {}};
    if (replies != expected) co_return permanent("other replies came");
    CO_TRY(auto const none, co_await connection.exchange({}, 5s));
    co_return none.empty() && connection.is_usable() ? ok : permanent("it can't be used again");
  };
  CHECK(failure_of(welcome, answering(3, "+a\r\n>1\r\n+push\r\n-ERR b\r\n_\r\n"), ask).empty());
}

SCENARIO("as many commands as may be outstanding are written at once, and no more") {
  constexpr auto most = Connection::most_outstanding;
  std::string pongs;
  for (std::size_t count = 0; count < most; ++count) pongs += "+PONG\r\n";
  CHECK(failure_of(welcome, answering(most, pongs), [](Connection& connection) -> Task<> {
          CO_TRY(auto const replies, co_await connection.exchange(commands(most), 5s));
          co_return replies.size() == most ? ok : permanent("too few replies");
        }).empty());
  CHECK(failure_of(welcome, stays, [](Connection& connection) -> Task<> {
          auto const refused = co_await connection.exchange(commands(most + 1), 5s);
          if (!connection.is_usable()) co_return permanent("something was sent");
          co_return Failure{refused.error()};
        }) == "lasting: 65 commands at once are too many");
}

SCENARIO("whatever a server gets wrong ends the connection") {
  auto const failure = [](std::string const& answer) {
    return failure_of(welcome, answering(1, answer), ask_and_look);
  };
  CHECK(failure("+a\r\n+b\r\n") == "asking NODE: the server says more than it was asked");
  CHECK(failure("+a\r\n$5\r\n") == "asking NODE: the server says more than it was asked");
  CHECK(failure("$-2\r\n") ==
        "asking NODE: the server's RESP can't be read: a length is no number");
  CHECK(failure("$10\r\nabc") == "asking NODE: no answer within 0.05 s");
}

SCENARIO("a server that leaves in the middle of a reply is not waited for") {
  auto const leaves = [](net::Stream& stream) -> Task<> {
    CO_TRY(co_await read_until(stream, "PING\r\n"));
    CO_TRY(co_await stream.write("$10\r\nabc"));
    CO_TRY(co_await stream.say_goodbye());
    co_return co_await forever();
  };
  CHECK(failure_of(welcome, leaves, ask_once) == "asking NODE: the server ended the connection");
}

SCENARIO("replies larger than allowed are refused while they arrive") {
  ConnectionLimits limits;
  limits.replies.memory = 1024;
  CHECK(failure_of(welcome, answering(2, "$2000\r\n" + std::string(2000, 'x')), ask_once, limits) ==
        "asking NODE: the server's RESP can't be read: there is too much of it");
}

SCENARIO("a connection on which something has come unasked is not used again") {
  auto const tells = [](net::Stream& stream) -> Task<> {
    CO_TRY(co_await read_until(stream, "PING\r\n"));
    CO_TRY(co_await read_until(stream, "PING\r\n"));
    CO_TRY(co_await stream.write("+a\r\n+b\r\n"));
    CO_TRY(co_await read_until(stream, "PING\r\n"));
    CO_TRY(co_await stream.write("+c\r\n"));
    CO_TRY(co_await stream.write("+d\r\n"));
    co_return co_await forever();
  };
  CHECK(failure_of(welcome, tells, [](Connection& connection) -> Task<> {
          CO_TRY(co_await connection.exchange(commands(2), 5s));
          auto const third = co_await connection.exchange(commands(1), 5s);
          while (third && connection.is_usable()) CO_TRY(co_await one_turn());
          auto const fourth = co_await connection.exchange(commands(1), 5s);
          co_return fourth ? permanent("it took a stale reply") : ok;
        }).empty());
}

SCENARIO("what is connected to nothing fails") {
  Connection nowhere;
  CHECK_FALSE(nowhere.is_usable());
  CHECK_FALSE(run(nowhere.exchange(commands(1), 1s)));
  CHECK(run(Connection::open({"127.0.0.1", 1}, access())).error() ==
        Error{Fault::Transient, "connecting to 127.0.0.1:1: Connection refused"});
}
