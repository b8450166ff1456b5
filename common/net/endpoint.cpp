#include "common/net/endpoint.hpp"

#include <fmt/core.h>

namespace net {

std::string Endpoint::text() const {
  return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace net
