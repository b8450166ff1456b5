#pragma once
#include "common/net/http.hpp"
#include "common/net/http_parser.hpp"
#include "common/net/stream.hpp"
#include "common/net/tls.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

namespace net {

/// A request, and who asks.
struct Asked {
  Request request;
  Endpoint peer;
};

struct HttpServerSettings {
  Endpoint address;                 ///< an address, or nothing for all of them; port 0 takes any
  std::shared_ptr<TlsContext> tls;  ///< none: plain
  MessageLimits limits{.head = 64 * 1024, .body = std::uint64_t{64} << 10};
  Limit opening = std::chrono::seconds{10};     ///< TLS; a head, from its first byte to its last
  Limit receiving = std::chrono::seconds{30};   ///< the rest of a request
  Limit answering = std::chrono::seconds{30};   ///< the handler, and sending what it says
  Limit keep_idle = std::chrono::seconds{300};  ///< between requests
  std::size_t most_connections = 256;
  bool shares_port = false;  ///< with other servers, between which the kernel spreads connections
  /// Of requests at once, small ones not counted: one that is more waits, and after `yielding` is
  /// told to come again (429).
  std::uint64_t most_bytes = std::uint64_t{64} << 20;
  Limit yielding = std::chrono::seconds{2};
  /// Whether clients are asked to come no more: each connection ends with its next answer.
  std::shared_ptr<std::atomic<bool> const> parting = nullptr;
};

/// Answers HTTP/1.1. Once it has all the connections that it may have, a new one takes the place of
/// the one that has waited longest for a request, or is closed when none waits. When the server is
/// cancelled it takes no new connection, closes those without a whole request, and ends once the
/// requests that have arrived are answered.
class HttpServer {
 public:
  using Handler = std::function<Task<Response>(Asked)>;

  /// Listens at once. Permanent when the address can't be had.
  static Result<HttpServer> listen(asio::any_io_executor const& executor,
                                   HttpServerSettings settings);

  HttpServer();
  HttpServer(HttpServer&&) noexcept;
  HttpServer& operator=(HttpServer&&) noexcept;
  ~HttpServer();

  std::uint16_t port() const;

  /// A handler that fails is answered for with 500; why is for the log, not for strangers.
  Task<> serve(Handler handler);

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace net
