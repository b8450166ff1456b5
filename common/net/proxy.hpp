#pragma once
#include "common/environment.hpp"
#include "common/net/url.hpp"
#include "common/result.hpp"
#include "common/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace net {

/// An HTTP proxy that is asked to CONNECT.
struct Proxy {
  enum class Transport { Plain, Tls };

  Transport transport = Transport::Plain;
  std::string host;
  std::uint16_t port = 0;
  std::optional<Secret> authorization;  ///< the value of Proxy-Authorization
  bool operator==(Proxy const&) const = default;
};

/// The proxy that a URL names; only http:// and https:// are supported. Errors do not quote it.
Result<Proxy> parse_proxy(std::string_view url);

/// The proxy that the environment asks for, if any: HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY or
/// the server's being this machine says otherwise, all by the rules of golang.org/x/net/http/
/// httpproxy but that an unusable URL is an error rather than no proxy. It names the variable.
Result<std::optional<Proxy>> proxy_for(Url const& server, Environment const& environment);

}  // namespace net
