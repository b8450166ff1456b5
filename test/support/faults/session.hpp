#pragma once
#include "test/support/faults/client.hpp"
#include "test/support/faults/journal.hpp"
#include "test/support/faults/live_watches.hpp"
#include "test/support/faults/rules.hpp"

#include <set>

/// Only for .cpp files: it costs seconds.
namespace faults {

/// What all connections of a proxy share. Only the journal is for other threads, too.
struct Shared {
  ApiServer server;
  TlsContext own_credentials;  ///< towards the API server
  TlsContext no_credentials;
  TlsContext identity;  ///< towards clients
  Script script;
  Journal journal;
  LiveWatches watches;
  std::set<Client*> clients;
};

/// One client's connection: requests, one after the other, and what becomes of each.
class Session {
 public:
  Session(Tcp::socket socket, Shared& shared);
  Session(Session const&) = delete;
  Session& operator=(Session const&) = delete;
  ~Session();

  /// Ends with the connection, and throws where that did not end well.
  asio::awaitable<void> run();

 private:
  using Next = asio::awaitable<bool>;  ///< whether another request may follow

  Next serve(Request const& request);

  Next perform(Respond const& fault, Request const& request);
  Next perform(Delay const& fault, Request const& request);
  Next perform(ResetBefore const& fault, Request const& request);
  Next perform(ResetAfter const& fault, Request const& request);
  Next perform(Truncate const& fault, Request const& request);
  Next perform(Trickle const& fault, Request const& request);
  Next perform(SwallowRequest const& fault, Request const& request);
  Next perform(SwallowAnswer const& fault, Request const& request);
  Next perform(Rewind const& fault, Request const& request);

  Next forward(Request const& request, Client::Pace pace = {});
  Next relay(Upstream& upstream, Client::Pace pace = {});
  asio::awaitable<void> ask(Upstream& upstream, Request const& request);
  asio::awaitable<Response> answer_to(Request const& request);
  asio::awaitable<void> tell(Response const& response, Client::Pace pace = {});
  Upstream upstream_for(Request const& request);

  Shared& shared_;
  Client client_;
  Call call_;
  std::size_t entry_ = 0;  ///< the request's, in the journal
};

/// The message as it stands on the wire.
std::string text_of(Response response);

}  // namespace faults
