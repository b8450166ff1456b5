#pragma once
#include "common/net/transport.hpp"

#include <string>
#include <string_view>

/// A peer on the loopback device that a test scripts, byte by byte.
class Listener {
 public:
  explicit Listener(asio::any_io_executor const& executor);

  net::Endpoint endpoint() const;

  /// The next connection.
  Task<net::Stream> next();

 private:
  asio::ip::tcp::acceptor acceptor_;
};

/// What a peer sends until `ending` has come, that included.
Task<std::string> read_until(net::Stream& stream, std::string_view ending);

/// All that a peer sends until it ends its side.
Task<std::string> read_all(net::Stream& stream);
