#include "test/component/valkey/asked.hpp"

#include "test/support/run.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;

valkey::Access as_operator(std::string password) {
  return {.credentials = {.user = "op", .password = Secret{std::move(password)}},
          .tls = nullptr,
          .server_name = {}};
}

std::vector<std::string> with_user(std::vector<std::string> settings) {
  settings.emplace_back("user default off");
  settings.emplace_back("user op on >s3cret ~* &* +@all");
  return settings;
}

Task<std::vector<valkey::Reply>> ask(valkey::Connection& connection,
                                     std::vector<valkey::Command> commands) {
  co_return co_await connection.exchange(std::move(commands), 10s);
}

Task<std::string> text_of(valkey::Connection& connection, valkey::Command command) {
  std::vector<valkey::Command> commands;
  commands.push_back(std::move(command));
  CO_TRY(auto const replies, co_await ask(connection, std::move(commands)));
  CO_TRY(auto const text, valkey::text_of(replies.front()));
  co_return std::string{text};
}

std::string who(net::Endpoint node, valkey::Access access) {
  return run([](net::Endpoint to, valkey::Access by) -> Task<std::string> {
           CO_TRY(auto connection, co_await valkey::Connection::open(std::move(to), std::move(by)));
           co_return co_await text_of(connection, valkey::Command{"ACL", "WHOAMI"});
         }(std::move(node), std::move(access)))
      .value();
}

Error refusal(net::Endpoint const& node, valkey::Access access, valkey::ConnectionLimits limits) {
  auto const opened = run(valkey::Connection::open(node, std::move(access), limits));
  REQUIRE_FALSE(opened);
  auto error = opened.error();
  auto const place = error.message.find(node.text());
  REQUIRE(place != std::string::npos);
  error.message.replace(place, node.text().size(), "NODE");
  return error;
}

Task<std::int64_t> number_lent(valkey::Pool& pool, net::Endpoint node, valkey::Access access) {
  CO_TRY(auto loan, co_await pool.borrow(std::move(node), std::move(access)));
  std::vector<valkey::Command> commands(1, valkey::Command{"CLIENT", "ID"});
  CO_TRY(auto const replies, co_await ask(*loan, std::move(commands)));
  co_return valkey::integer_of(replies.front());
}
