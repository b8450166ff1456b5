#include "test/support/faults/wire.hpp"

#include "test/support/faults/tls.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <fmt/core.h>

namespace faults {

namespace {

bool is_reset(boost::system::error_code failure) {
  return failure == asio::error::connection_reset || failure == asio::error::broken_pipe;
}

}  // namespace

struct Wire::Connection {
  explicit Connection(ApiServer const& server)
      : context{client_context(server, Credentials::Own)} {}

  asio::io_context loop;
  TlsContext context;
  TlsStream stream{loop, *context};
  std::array<char, 65536> buffer{};
  bool reading = false;
};

Wire::Wire(ApiServer const& server) : connection_{std::make_unique<Connection>(server)} {
  auto& stream = connection_->stream;
  verify_address(stream, server.host);
  boost::system::error_code failure;
  auto const port = static_cast<asio::ip::port_type>(std::stoul(server.port));
  stream.lowest_layer().connect({asio::ip::make_address(server.host), port}, failure);
  if (!failure) stream.handshake(TlsStream::client, failure);
  if (!failure) return;
  refusal_ = failure.message();
  state_ = State::Closed;
}

Wire::~Wire() = default;

void Wire::send(std::string_view text) {
  boost::system::error_code failure;
  asio::write(connection_->stream, asio::buffer(text), failure);
  if (failure) state_ = State::Reset;
}

void Wire::ask(std::string_view method, std::string_view target, std::string_view headers,
               std::string_view body) {
  send(
      fmt::format("{} {} HTTP/1.1\r\nHost: api\r\nUser-Agent: wire\r\nAccept: application/json\r\n"
                  "{}Content-Length: {}\r\n\r\n{}",
                  method, target, headers, body.size(), body));
}

bool Wire::saw(std::string_view text) {
  auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!has(text))
    if (!read(deadline)) return false;
  return true;
}

Wire::State Wire::state_after(std::chrono::milliseconds limit) {
  auto const deadline = std::chrono::steady_clock::now() + limit;
  while (read(deadline)) continue;
  return state_;
}

/// Reads what comes next; false where the connection has ended, or nothing came in time. Then the
/// read is still under way, and the next call goes on with it.
bool Wire::read(std::chrono::steady_clock::time_point deadline) {
  if (state_ != State::Open) return false;
  auto& connection = *connection_;
  if (!connection.reading) {
    connection.reading = true;
    connection.stream.async_read_some(asio::buffer(connection.buffer),
                                      [this](boost::system::error_code failure, auto length) {
                                        connection_->reading = false;
                                        received_.append(connection_->buffer.data(), length);
                                        if (failure)
                                          state_ = is_reset(failure) ? State::Reset : State::Closed;
                                      });
  }
  connection.loop.restart();
  while (connection.reading && connection.loop.run_one_until(deadline) > 0) continue;
  return !connection.reading && state_ == State::Open;
}

}  // namespace faults
