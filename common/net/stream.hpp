#pragma once
#include "common/async/within.hpp"
#include "common/net/endpoint.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace net {

class TlsContext;

/// One connection, TCP or TLS. A peer that is gone without a word is noticed within 45 s, whether
/// we wait for it or send to it. Every failure is Transient, and leaves the stream unusable.
class Stream {
 public:
  struct Transport;

  Stream();
  explicit Stream(std::unique_ptr<Transport> transport);
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();  ///< closes it

  /// Waits for bytes and returns how many came; 0 once the peer has ended its side.
  Task<std::size_t> read_some(std::span<char> into);

  /// Sends all of `bytes`, which have to outlive the call.
  Task<> write(std::string_view bytes);

  /// Tells the peer that nothing more will come. What it still sends can only be drained.
  Task<> say_goodbye();

  /// Reads on until the peer ends its side, or has sent `most` bytes more, so that it gets to read
  /// what we said: closing with bytes unread would take that away from it.
  Task<> drain(std::size_t most);

  /// Whether an idle connection can be used again: nothing has come, not even its end.
  bool is_quiet();

  /// Where the other side is; empty once it is gone.
  Endpoint peer();

  /// The SHA-256 of the certificate that the other side has shown, as fingerprint() tells it; empty
  /// without TLS.
  std::string peer_fingerprint();

 private:
  friend Task<Stream> secured(Stream, std::shared_ptr<TlsContext>, std::string);
  friend Task<Stream> secured_as_server(Stream, std::shared_ptr<TlsContext>);

  std::unique_ptr<Transport> transport_;
};

/// Connects to the first of the host's addresses that answers; each is given its part of `limit`.
/// Where it was going is for the caller to say.
Task<Stream> connect(Endpoint endpoint, Limit limit);

/// TLS as a client, over `lower`, which may be TLS itself. The peer has to prove that it is
/// `server_name`, a host or an address, unless the context does not ask for that.
Task<Stream> secured(Stream lower, std::shared_ptr<TlsContext> context, std::string server_name);

/// TLS as a server.
Task<Stream> secured_as_server(Stream lower, std::shared_ptr<TlsContext> context);

}  // namespace net
