#pragma once
#include "common/net/endpoint.hpp"
#include "common/result.hpp"
#include "common/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace net {

/// An http:// or https:// URL, or one of another scheme with a host; the parts that we use.
struct Url {
  std::string scheme;               ///< in lower case
  std::optional<std::string> user;  ///< without its %-escapes
  std::optional<Secret> password;
  std::string host;        ///< in lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;  ///< 0 where none is given
  std::string path;        ///< as written, without a / at its end

  bool is_https() const { return scheme == "https"; }
  Endpoint endpoint() const;  ///< its port is 443 or 80 where none is given
  bool operator==(Url const&) const = default;
};

/// RFC 3986 without what has no place in the address of a server: a query or fragment. Errors do
/// not quote the URL: it may have a password in it.
Result<Url> parse_url(std::string_view text);

}  // namespace net
