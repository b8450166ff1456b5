#pragma once
#include "common/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace net {

/// A host, by name or by address, and a TCP port.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  /// "host:port", with brackets around an IPv6 address.
  std::string text() const;
  bool operator==(Endpoint const&) const = default;
};

/// Where to listen: "127.0.0.1:8081", "[::1]:8081", or ":8081" for every address. Invalid when it
/// is none of these; a name is none, for it may stand for several addresses.
Result<Endpoint> listen_address(std::string_view text);

}  // namespace net
