#pragma once
#include <cstdint>
#include <string>

namespace net {

/// A host, by name or by address, and a TCP port.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  /// "host:port", with brackets around an IPv6 address.
  std::string text() const;
  bool operator==(Endpoint const&) const = default;
};

}  // namespace net
