#pragma once
#include "common/async/clock.hpp"
#include "common/kube/config.hpp"
#include "common/kube/credentials.hpp"
#include "common/net/http_client.hpp"

#include <memory>
#include <set>
#include <string>

namespace kube {

struct SessionSettings {
  std::string user_agent;
  Limit answering{std::chrono::minutes{1}};  ///< one answer: an API server gives up then too
  Limit patience{std::chrono::minutes{2}};   ///< after this, nothing is repeated
};

/// Whether a request may be sent again where delay_before_retry() says so.
enum class Retries { Allowed, None };

/// HTTP with one API server, in our name. An answer is whatever the server says in the end.
class Session {
 public:
  /// Invalid when certificates or keys can't be used.
  static Result<std::unique_ptr<Session>> create(Config config, SessionSettings settings,
                                                 Clock& clock, Environment const& environment);

  /// The whole answer; Transient when there is none. The gate is asked each time that the request
  /// is about to be sent: what it says is the outcome then.
  Task<net::Response> exchange(net::Request request, Retries retries = Retries::Allowed,
                               net::Gate gate = {});

  /// The answer once its head is there, to be read piece by piece; Transient when that takes longer
  /// than `limit`, or than other answers where none is given.
  Task<net::Incoming> open(net::Request request, Retries retries = Retries::Allowed,
                           std::optional<Limit> limit = std::nullopt);

  Clock& clock() { return clock_; }

 private:
  Session(Config config, SessionSettings settings, net::HttpClientSettings http,
          std::unique_ptr<Credentials> credentials, Clock& clock);

  template <class Answer>
  Task<Answer> until_answered(net::Request request, Retries retries, Limit limit, net::Gate gate);
  template <class Answer>
  Task<Answer> attempt(net::Request request, Limit limit, net::Gate const& gate,
                       std::uint64_t& credential);
  Task<std::uint64_t> sign(net::Request& request);
  void note_warnings(net::Headers const& headers);

  Config config_;
  SessionSettings settings_;
  Clock& clock_;
  net::HttpClient http_;
  std::unique_ptr<Credentials> credentials_;
  std::uint64_t identity_ = 0;                   ///< the generation that TLS shows
  std::set<std::string, std::less<>> warnings_;  ///< those that were logged
};

}  // namespace kube
