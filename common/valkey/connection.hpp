#pragma once
#include "common/net/stream.hpp"
#include "common/valkey/access.hpp"
#include "common/valkey/resp.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace valkey {

struct ConnectionLimits {
  ReplyLimits replies{};                        ///< of all replies to what is asked at once
  Limit connecting = std::chrono::seconds{2};   ///< name, TCP and TLS together
  Limit introducing = std::chrono::seconds{3};  ///< ourselves, with user and password
};

/// An authenticated connection to one node, which speaks RESP3. Stays where it is while it is
/// asked something, and is asked by one task at a time.
class Connection {
 public:
  /// What may be sent before the first reply is there.
  static constexpr std::size_t most_outstanding = 64;

  /// Connected to nothing.
  Connection() = default;

  /// Transient when there is no answer, or none that can be read or believed; else what the server
  /// says of us, such as Permanent for WRONGPASS. Names the node, and never tells the password.
  static Task<Connection> open(net::Endpoint node, Access access, ConnectionLimits limits = {});

  /// Sends all commands at once, at most so many as may be outstanding, and waits for the reply to
  /// each, in their order; a refusal is a reply, too. Transient when they are not all there within
  /// `limit`: some may have been carried out, and nothing is sent again.
  Task<std::vector<Reply>> exchange(std::vector<Command> commands, Limit limit);

  /// Whether it can be asked: every exchange has succeeded, and nothing has come since, nor its
  /// end.
  bool is_usable() { return is_in_order_ && stream_.is_quiet(); }

  /// Of the certificate that the node has shown, as net::Stream tells it.
  std::string peer_fingerprint() { return stream_.peer_fingerprint(); }

  /// Ends it, whatever else is asked: who connects next sees what the node is by then.
  void end() { is_in_order_ = false; }

 private:
  Task<> introduce(Access const& access);
  Task<std::vector<Reply>> ask(std::vector<Command> commands);

  net::Stream stream_;
  std::string node_;
  ReplyLimits limits_;
  bool is_in_order_ = false;
};

}  // namespace valkey
