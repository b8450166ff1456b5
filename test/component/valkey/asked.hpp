#pragma once
#include "common/valkey/pool.hpp"

#include <string>
#include <vector>

/// By the user "op" of servers started with `with_user`.
valkey::Access as_operator(std::string password = "s3cret");

/// Settings of a server that lets nobody in but "op", who may do everything.
std::vector<std::string> with_user(std::vector<std::string> settings = {});

/// One command after the other, in one exchange.
Task<std::vector<valkey::Reply>> ask(valkey::Connection& connection,
                                     std::vector<valkey::Command> commands);

/// The text that one command is answered with.
Task<std::string> text_of(valkey::Connection& connection, valkey::Command command);

/// As whom a server lets us in.
std::string who(net::Endpoint node, valkey::Access access);

/// Why a connection can't be opened, with NODE for its address.
Error refusal(net::Endpoint const& node, valkey::Access access,
              valkey::ConnectionLimits limits = {});

/// The server's number for the connection that is lent.
Task<std::int64_t> number_lent(valkey::Pool& pool, net::Endpoint node, valkey::Access access);
