#pragma once
#include "common/net/http.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace net {

/// What a peer may send: more is an error.
struct MessageLimits {
  std::uint32_t head = 64 * 1024;
  std::optional<std::uint64_t> body = std::uint64_t{64} << 20;  ///< all of it; none: no limit
};

/// Reads one HTTP/1.1 message from bytes, however they are cut. Message is Request or Response.
template <class Message>
class HttpParser {
 public:
  explicit HttpParser(MessageLimits limits = {});
  HttpParser(HttpParser&&) noexcept;
  HttpParser& operator=(HttpParser&&) noexcept;
  ~HttpParser();

  /// How many of `bytes` were read. The others have to come again with what follows them; those
  /// behind the message's end are left alone. Transient when this is not HTTP, or too much of it.
  Result<std::size_t> put(std::string_view bytes);

  /// The peer has ended its stream: Transient when that cuts the message short.
  Result<> finish();

  /// The status by which a server says why put() has failed.
  std::optional<unsigned> refusal() const;

  bool begun() const;
  bool head_complete() const;
  bool complete() const;

  /// Whether another message may follow on the same connection.
  bool keeps_alive() const;

  /// What has been read. Its body may be taken piece by piece while it arrives.
  Message& message();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

extern template class HttpParser<Request>;
extern template class HttpParser<Response>;

}  // namespace net
