#pragma once
#include "common/environment.hpp"
#include "common/net/endpoint.hpp"
#include "common/net/url.hpp"
#include "common/result.hpp"
#include "common/secret.hpp"

#include <optional>
#include <string_view>

namespace net {

/// Where an HTTP proxy is and what to say there.
struct ProxyServer {
  enum class Transport { Plain, Tls };

  Transport transport = Transport::Plain;
  Endpoint endpoint;
  std::optional<Secret> authorization;  ///< the value of Proxy-Authorization
  bool operator==(ProxyServer const&) const = default;
};

/// The proxy that a URL names; only http:// and https:// are supported. Errors do not quote it.
Result<ProxyServer> parse_proxy(std::string_view url);

/// The proxy that the environment asks for, if any: HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY or
/// the server's being this machine says otherwise, all by the rules of golang.org/x/net/http/
/// httpproxy but that an unusable URL is an error rather than no proxy. It names the variable.
Result<std::optional<ProxyServer>> proxy_for(Url const& server, Environment const& environment);

}  // namespace net
