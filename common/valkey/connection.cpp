#include "common/valkey/connection.hpp"

#include <fmt/core.h>
#include <utility>

namespace valkey {
namespace {

Task<net::Stream> reach(net::Endpoint node, Access const& access, Limit limit) {
  auto name = access.server_name.empty() ? node.host : access.server_name;
  CO_TRY(auto stream, co_await net::connect(std::move(node), limit));
  if (!access.tls) co_return stream;
  co_return co_await net::secured(std::move(stream), access.tls, std::move(name));
}

/// Servers may repeat what they were sent, in any words.
Error without(Secret const& password, ErrorReply const& refusal) {
  auto const secret = password.reveal();
  auto error = from(refusal);
  if (!secret.empty() && refusal.text.contains(secret))
    error.message = "the server's refusal repeats the password";
  return error;
}

Result<> welcomed(Reply const& reply, Access const& access) {
  if (auto const* const refusal = reply.refusal())
    return Failure{without(access.credentials.password, *refusal)};
  TRY(auto const greeting, map_of(reply));
  TRY(auto const protocol, greeting.integer("proto"));
  if (protocol != 3) return transient("the server does not speak RESP3");
  return ok;
}

}  // namespace

Task<Connection> Connection::open(net::Endpoint node, Access access, ConnectionLimits limits) {
  Connection connection;
  connection.node_ = node.text();
  connection.limits_ = limits.replies;
  auto const activity = "connecting to " + connection.node_;
  auto stream = co_await within(limits.connecting, reach(node, access, limits.connecting));
  if (!stream) co_return Failure{std::move(stream).error().during(activity)};
  connection.stream_ = *std::move(stream);
  auto introduced = co_await within(limits.introducing, connection.introduce(access));
  if (!introduced)
    co_return Failure{std::move(introduced).error().during("logging in to " + connection.node_)};
  connection.is_in_order_ = true;
  co_return connection;
}

/// Tickets of TLS may have come already, so that the stream need not be quiet.
Task<> Connection::introduce(Access const& access) {
  std::vector<Command> hello;
  hello.push_back(Command{"HELLO", "3", "AUTH", access.credentials.user,
                          access.credentials.password.reveal(), "SETNAME", access.client_name});
  CO_TRY(auto const replies, co_await ask(std::move(hello)));
  co_return welcomed(replies.front(), access);
}

Task<std::vector<Reply>> Connection::exchange(std::vector<Command> commands, Limit limit) {
  if (commands.size() > most_outstanding)
    co_return permanent(fmt::format("{} commands at once are too many", commands.size()));
  if (commands.empty()) co_return std::vector<Reply>{};
  auto const activity = "asking " + node_;
  if (!is_usable()) co_return Failure{Error{Fault::Transient, "not connected"}.during(activity)};
  is_in_order_ = false;  // whatever interrupts this
  auto outcome = co_await within(limit, ask(std::move(commands)));
  is_in_order_ = outcome.has_value();
  if (is_in_order_) co_return outcome;
  stream_ = {};
  co_return Failure{std::move(outcome).error().during(activity)};
}

Task<std::vector<Reply>> Connection::ask(std::vector<Command> commands) {
  std::vector<char, Cleansing<char>> bytes;
  std::size_t whole = 0;
  for (auto const& command : commands) whole += command.bytes().size();
  bytes.reserve(whole);
  for (auto const& command : commands)
    bytes.insert(bytes.end(), command.bytes().begin(), command.bytes().end());
  CO_TRY(co_await stream_.write({bytes.data(), bytes.size()}));
  ReplyParser parser{limits_};
  std::vector<char> piece(std::size_t{64} << 10);
  while (parser.replies().size() < commands.size()) {
    CO_TRY(auto const count, co_await stream_.read_some(piece));
    if (count == 0) co_return transient("the server ended the connection");
    CO_TRY(parser.put({piece.data(), count}));
  }
  if (parser.replies().size() > commands.size() || parser.is_midway())
    co_return transient("the server says more than it was asked");
  co_return std::move(parser.replies());
}

}  // namespace valkey
