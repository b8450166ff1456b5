#pragma once
#include "common/net/http_parser.hpp"
#include "common/net/stream.hpp"

#include <string>
#include <vector>

namespace net {

/// Reads messages from a stream, one after the other.
template <class Message>
class HttpReader {
 public:
  explicit HttpReader(MessageLimits limits) : limits_{limits}, parser_{limits} {}

  HttpParser<Message>& parser() { return parser_; }

  /// Whether something of the message is here.
  bool has_begun() const { return parser_.begun() || has_more(); }

  /// Whether bytes are here that nobody has read.
  bool has_more() const { return !unread_.empty(); }

  /// Waits for bytes, and reads what it can.
  Task<> receive(Stream& stream) {
    std::vector<char> piece(std::size_t{16} << 10);
    CO_TRY(auto const count, co_await stream.read_some(piece));
    unread_.append(piece.data(), count);
    co_return count > 0 ? parse() : parser_.finish();
  }

  /// Goes on to the next message; part of it may be here already.
  Result<> restart() {
    parser_ = HttpParser<Message>{limits_};
    return parse();
  }

 private:
  Result<> parse() {
    TRY(auto const read, parser_.put(unread_));
    unread_.erase(0, read);
    return ok;
  }

  MessageLimits limits_;
  HttpParser<Message> parser_;
  std::string unread_;
};

}  // namespace net
