#pragma once
#include "test/support/faults/upstream.hpp"

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <string_view>

/// Only for .cpp files: it costs seconds.
namespace faults {

/// The proxy's end of a client's connection. What fails throws, and ends the connection.
class Client {
 public:
  Client(Tcp::socket socket, TlsContext context);

  asio::awaitable<void> handshake();
  asio::awaitable<Request> next_request();

  /// Writes bytes as they are.
  asio::awaitable<void> write(std::string bytes);

  /// Writes them a few at a time, if a pace is set.
  struct Pace {
    std::size_t bytes = 0;
    std::chrono::milliseconds every{0};
  };
  asio::awaitable<void> write(std::string bytes, Pace pace);

  /// Waits until the client has closed the connection, or has sent what nobody asked for.
  asio::awaitable<void> gone();

  asio::awaitable<void> wait(std::chrono::milliseconds time);

  /// Ends the connection as TLS wants it.
  asio::awaitable<void> say_goodbye();
  void close();
  void reset() { faults::reset(stream_.next_layer()); }

  asio::any_io_executor executor() { return stream_.get_executor(); }

 private:
  TlsContext context_;
  TlsStream stream_;
  beast::flat_buffer buffer_;
};

}  // namespace faults
