#pragma once
#include "test/support/api_server.hpp"
#include "test/support/faults/identity.hpp"
#include "test/support/faults/journal.hpp"
#include "test/support/faults/rules.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace faults {

/// Stands between clients and an API server, over TLS on both sides, and makes go wrong what it is
/// told to. It runs on a thread of its own; what is told is in force when the call returns.
class FaultProxy {
 public:
  /// Clients that show a token are passed on with it, all others as `server`'s own client. Listens
  /// on the loopback device, on a port of its own if it is 0.
  explicit FaultProxy(ApiServer const& server, std::uint16_t port = 0);
  FaultProxy(FaultProxy const&) = delete;
  FaultProxy& operator=(FaultProxy const&) = delete;
  ~FaultProxy();

  /// The proxy itself, as a client without a certificate sees it.
  ApiServer address() const;

  void inject(Match const& match, RequestFault const& fault);
  void inject(EventMatch const& match, EventFault const& fault);
  void inject(Script script);  ///< in place of what was injected before
  void forget_faults();

  /// Watches of the resource stand still from the next event on, until they are thawed, while all
  /// others flow; an empty string means all.
  void freeze(std::string const& resource);
  void thaw(std::string const& resource);

  /// Ends the watches of the resource that run now.
  void end_watches(std::string const& resource, End const& how);

  /// What new connections are shown from now on.
  void present(ServerIdentity const& identity);

  /// As if the API server had crashed and were back at once.
  void reset_connections();

  Journal const& journal() const;

  /// How many such requests came in, and how many of them the API server saw.
  int received(std::string_view verb, std::string_view resource) const;
  int reached_server(std::string_view verb, std::string_view resource) const;

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace faults
