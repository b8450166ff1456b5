#pragma once
#include "common/async/notice.hpp"
#include "common/json/json.hpp"
#include "common/kube/client.hpp"
#include "common/net/http_server.hpp"
#include "test/support/manual_loop.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// A peer on the loopback device that answers a kube::Client as a test says, in time that is moved
/// by hand. For what a real API server would not do when it is asked to.
/// The client is configured as given, but for where the server is; that one speaks TLS if it has
/// something to show.
class ScriptedApi {
 public:
  using Answer = std::function<net::Response(net::Request const&)>;

  ScriptedApi(ManualLoop& loop, Answer answer, kube::Config config = {},
              std::shared_ptr<net::TlsContext> const& tls = {},
              kube::SessionSettings settings = {.user_agent = "test"});
  ScriptedApi(ScriptedApi const&) = delete;
  ScriptedApi& operator=(ScriptedApi const&) = delete;
  ~ScriptedApi();

  kube::Client& client() { return *client_; }
  kube::Session& session() { return *session_; }

  /// The next so many requests are never answered.
  void swallow(int requests) { to_swallow_ += requests; }

  /// When the last of those arrived.
  std::optional<Clock::Instant> swallowed_at() const { return swallowed_at_; }

  /// "GET lease", "PATCH lease": methods and what follows the last slash of the paths.
  std::vector<std::string> const& asked() const { return asked_; }

  /// How many connections brought a request.
  std::size_t connections() const { return peers_.size(); }

 private:
  Task<net::Response> answered(net::Asked asked);

  ManualLoop& loop_;
  Answer answer_;
  net::HttpServer server_;
  ManualLoop::Started<void> serving_;
  std::unique_ptr<kube::Session> session_;
  std::unique_ptr<kube::Client> client_;
  std::vector<std::string> asked_;
  std::set<std::uint16_t> peers_;  ///< their ports
  int to_swallow_ = 0;
  std::optional<Clock::Instant> swallowed_at_;
  Notice over_;
};

/// An answer of an API server; what is no success is a Status.
net::Response json_answer(json::object const& document);
net::Response refusal(unsigned code, std::string_view reason);
