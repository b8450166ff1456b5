#include "common/valkey/pool.hpp"

#include "test/component/valkey/asked.hpp"
#include "test/support/run.hpp"
#include "test/support/valkey_server.hpp"

#include <catch2/catch_test_macros.hpp>

using valkey::Command;
using valkey::Connection;

namespace {

Task<> lend_after_kill(net::Endpoint node) {
  valkey::Pool pool{system_clock()};
  CO_TRY(auto watching, co_await Connection::open(node, as_operator()));
  CO_TRY(auto const first, co_await number_lent(pool, node, as_operator()));
  std::vector<Command> kill(1, Command{"CLIENT", "KILL", "ID", std::to_string(first)});
  CO_TRY(auto const killed, co_await ask(watching, std::move(kill)));
  CHECK(valkey::integer_of(killed.front()).value() == 1);
  CO_TRY(auto const second, co_await number_lent(pool, node, as_operator()));
  CHECK(first != second);
  CHECK(pool.idle() == 1);
  co_return ok;
}

}  // namespace

SCENARIO("a connection that the server has ended is not lent again", "[valkey]") {
  ValkeyServer const server{with_user()};
  CHECK(run(lend_after_kill(server.endpoint())));
}
