#include "common/net/stream.hpp"

#include "common/net/transport.hpp"

#include <boost/asio/write.hpp>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <vector>

namespace net {
namespace {

using boost::system::error_code;
using Tcp = asio::ip::tcp::socket;

class Plain final : public Stream::Transport {
 public:
  explicit Plain(Tcp socket) : socket_{std::move(socket)} {}

  Task<std::size_t> read_some(asio::mutable_buffer into) override {
    error_code failure;
    auto const count =
        co_await socket_.async_read_some(into, asio::redirect_error(asio::use_awaitable, failure));
    if (failure && failure != asio::error::eof) co_return Failure{from(failure)};
    co_return count;
  }

  Task<> write(asio::const_buffer bytes) override {
    error_code failure;
    co_await asio::async_write(socket_, bytes, asio::redirect_error(asio::use_awaitable, failure));
    if (failure) co_return Failure{from(failure)};
    co_return ok;
  }

  Task<> say_goodbye() override {
    error_code failure;
    socket_.shutdown(Tcp::shutdown_send, failure);
    if (failure) co_return Failure{from(failure)};
    co_return ok;
  }

  Tcp& socket() override { return socket_; }

 private:
  Tcp socket_;
};

/// An option that the system lacks makes us slower to notice, no more.
void set_option(Tcp& socket, int level, int name, int value) {
  (void)::setsockopt(socket.native_handle(), level, name, &value, sizeof value);
}

/// A peer is gone that leaves data unacknowledged for 40 s (tcp(7), TCP_USER_TIMEOUT), or five
/// probes after 15 s of silence. Linux is late by up to an eighth of that (kernel/time/timer.c).
void notice_dead_peers(Tcp& socket) {
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 15);
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 5);
  set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 40'000);
}

}  // namespace

Stream::Stream() = default;
Stream::Stream(std::unique_ptr<Transport> transport) : transport_{std::move(transport)} {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

Task<std::size_t> Stream::read_some(std::span<char> into) {
  if (!transport_) co_return transient("not connected");
  co_return co_await transport_->read_some(asio::buffer(into.data(), into.size()));
}

Task<> Stream::write(std::string_view bytes) {
  if (!transport_) co_return transient("not connected");
  co_return co_await transport_->write(asio::buffer(bytes));
}

Task<> Stream::say_goodbye() {
  if (!transport_) co_return ok;
  co_return co_await transport_->say_goodbye();
}

/// Past TLS: what comes after our goodbye is thrown away, and need not be understood for that.
Task<> Stream::drain(std::size_t most) {
  if (!transport_) co_return ok;
  std::vector<char> unwanted(std::size_t{16} << 10);
  for (std::size_t read = 0; read < most;) {
    error_code failure;
    auto const count = co_await transport_->socket().async_read_some(
        asio::buffer(unwanted), asio::redirect_error(asio::use_awaitable, failure));
    if (failure == asio::error::eof) break;
    if (failure) co_return Failure{from(failure)};
    read += count;
  }
  co_return ok;
}

bool Stream::Transport::is_quiet() {
  char byte = 0;
  auto const came = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return came < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool Stream::is_quiet() { return transport_ && transport_->is_quiet(); }

Endpoint Stream::peer() {
  if (!transport_) return {};
  error_code failure;
  auto const address = transport_->socket().remote_endpoint(failure);
  if (failure) return {};
  return {address.address().to_string(), address.port()};
}

std::string Stream::peer_fingerprint() {
  return transport_ ? transport_->peer_fingerprint() : std::string{};
}

Stream plain(Tcp socket) {
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  notice_dead_peers(socket);
  return Stream{std::make_unique<Plain>(std::move(socket))};
}

}  // namespace net
