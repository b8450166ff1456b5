#pragma once
#include "test/support/api_server.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace faults {

/// A TLS connection that a test drives by hand, and all that came back over it.
class Wire {
 public:
  /// How a connection can end.
  enum class State { Open, Closed, Reset };

  /// Connects; where that fails, refusal() says why.
  explicit Wire(ApiServer const& server);
  Wire(Wire const&) = delete;
  Wire& operator=(Wire const&) = delete;
  ~Wire();

  /// What went wrong with connecting; empty if nothing did.
  std::string const& refusal() const { return refusal_; }

  void send(std::string_view text);

  /// Sends a request without more headers than are needed, and those given, each with its CR LF.
  void ask(std::string_view method, std::string_view target, std::string_view headers = {},
           std::string_view body = {});

  /// Whether `text` arrives, or has arrived.
  bool saw(std::string_view text);

  /// How the connection stands once it has ended, or after `limit`.
  State state_after(std::chrono::milliseconds limit = std::chrono::seconds{10});

  std::string const& received() const { return received_; }
  void forget() { received_.clear(); }
  bool has(std::string_view text) const { return received_.contains(text); }

 private:
  struct Connection;
  bool read(std::chrono::steady_clock::time_point deadline);

  std::unique_ptr<Connection> connection_;
  State state_ = State::Open;
  std::string received_;
  std::string refusal_;
};

}  // namespace faults
