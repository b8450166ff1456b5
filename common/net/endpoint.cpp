#include "common/net/endpoint.hpp"

#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <fmt/core.h>
#include <optional>

namespace net {
namespace {

bool is_address(int family, std::string const& text) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return inet_pton(family, text.c_str(), ignored.data()) == 1;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  auto const [rest, failure] = std::from_chars(text.begin(), text.end(), port);
  if (failure != std::errc{} || rest != text.end()) return std::nullopt;
  return port;
}

/// The address in a host, or nothing for none.
std::optional<std::string> address_in(std::string_view host) {
  if (host.empty()) return std::string{};
  bool const bracketed = host.starts_with('[') && host.ends_with(']');
  std::string address{bracketed ? host.substr(1, host.size() - 2) : host};
  if (!is_address(bracketed ? AF_INET6 : AF_INET, address)) return std::nullopt;
  return address;
}

}  // namespace

std::string Endpoint::text() const {
  return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<Endpoint> listen_address(std::string_view text) {
  auto const colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    auto const host = address_in(text.substr(0, colon));
    auto const port = port_of(text.substr(colon + 1));
    if (host && port) return Endpoint{.host = *host, .port = *port};
  }
  return invalid(
      fmt::format("'{}' is no address to listen at, such as :8081, 127.0.0.1:8081 or "
                  "[::1]:8081",
                  text));
}

}  // namespace net
