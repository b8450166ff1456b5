#pragma once
#include "common/net/http.hpp"
#include "common/net/http_parser.hpp"
#include "common/net/stream.hpp"
#include "common/net/tls.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace net {

/// Through an HTTP proxy (RFC 9110, section 9.3.6).
struct Tunnel {
  Endpoint proxy;
  std::shared_ptr<TlsContext> tls;      ///< none: plain
  std::optional<Secret> authorization;  ///< the value of Proxy-Authorization
};

struct HttpClientSettings {
  Endpoint server;
  std::shared_ptr<TlsContext> tls;  ///< none: plain
  std::string server_name;          ///< whom the certificate has to name; the host when empty
  std::optional<Tunnel> tunnel;
  MessageLimits limits;
  Limit connecting = std::chrono::seconds{30};  ///< name, TCP, proxy and TLS together
  Limit keep_idle = std::chrono::seconds{60};   ///< an API server closes after 90
  std::size_t most_idle = 25;
};

/// Asked when nothing but the sending is left to do: a failure stops that.
using Gate = std::function<Result<>()>;

class HttpClient;

/// An answer that is read while it arrives. Dropping it early closes its connection.
class Incoming {
 public:
  struct State;

  Incoming();
  explicit Incoming(std::unique_ptr<State> state);
  Incoming(Incoming&&) noexcept;
  Incoming& operator=(Incoming&&) noexcept;
  ~Incoming();

  unsigned status() const;
  Headers const& headers() const;

  /// The next bytes of the body, empty at its end. Transient after `limit` without any.
  Task<std::string> next(Limit limit);

 private:
  friend HttpClient;
  std::unique_ptr<State> state_;
};

/// Asks one server, over connections that it keeps for the next request. Repeats nothing: whether
/// a request may be sent twice is for the caller to know. Has to outlive its answers.
class HttpClient {
 public:
  struct Connection {
    Stream stream;
    std::uint64_t generation = 0;  ///< of the TLS contexts that it was made with
    std::chrono::steady_clock::time_point idle_since;
  };

  explicit HttpClient(HttpClientSettings settings) : settings_{std::move(settings)} {}

  /// The whole answer, whatever its status; Transient when there is none within `limit`.
  Task<Response> exchange(Request request, Limit limit, Gate gate = {});

  /// The answer once its head is there; Transient when that takes longer than `limit`. Its body
  /// may be of any length: what of it is here at once is bounded, and the rest is for the reader.
  Task<Incoming> open(Request request, Limit limit);

  HttpClientSettings const& settings() const { return settings_; }

 private:
  friend Incoming;
  Task<Response> whole_answer(Request request, Gate gate);
  Task<Incoming> begun_answer(Request request, MessageLimits limits, Gate gate);
  Task<Connection> ready_connection();
  Task<Connection> new_connection();
  std::string server_name() const;
  void look_for_new_identities() const;
  std::uint64_t generation() const;
  bool is_usable(Connection& connection) const;
  void keep(Connection connection);

  HttpClientSettings settings_;
  std::vector<Connection> idle_;  ///< the one used last stands last
};

}  // namespace net
