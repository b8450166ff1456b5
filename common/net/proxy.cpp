#include "common/net/proxy.hpp"

#include "common/ascii.hpp"
#include "common/base64.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <utility>

namespace net {
namespace {

using Address = std::array<unsigned char, 16>;  // IPv4 as ::ffff:a.b.c.d

std::optional<Address> address(std::string_view text) {
  std::string const terminated{text};
  Address bytes{};
  if (::inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return bytes;
  bytes[10] = bytes[11] = 0xFF;
  if (::inet_pton(AF_INET, terminated.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

bool is_v4(Address const& bytes) {
  return std::ranges::all_of(bytes.begin(), bytes.begin() + 10,
                             [](auto byte) { return byte == 0; }) &&
         bytes[10] == 0xFF && bytes[11] == 0xFF;
}

bool is_loopback(Address const& bytes) {
  Address loopback{};
  loopback[15] = 1;
  return bytes == loopback || (is_v4(bytes) && bytes[12] == 127);
}

/// Whether `rule` is a range such as 10.0.0.0/8 that `host` is in; nothing if it is no range.
std::optional<bool> is_in_range(std::string_view rule, std::optional<Address> const& host) {
  auto const slash = rule.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto const network = address(rule.substr(0, slash));
  auto const digits = rule.substr(slash + 1);
  unsigned length = 0;
  auto const [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  bool const is_number = failure == std::errc{} && end == digits.data() + digits.size();
  bool const dotted = rule.find(':') == std::string_view::npos;
  if (!network || !is_number || length > (dotted ? 32U : 128U)) return std::nullopt;
  if (!host || is_v4(*host) != is_v4(*network)) return false;
  if (dotted) length += 96;
  for (std::size_t bit = 0; bit < length; ++bit)
    if ((((*host)[bit / 8] ^ (*network)[bit / 8]) & (0x80U >> (bit % 8))) != 0) return false;
  return true;
}

/// "host:80" and "[::1]:80" in two; the port is empty where there is none.
std::pair<std::string_view, std::string_view> split(std::string_view rule) {
  auto const colon = rule.rfind(':');
  bool const has_port =
      colon != std::string_view::npos &&
      (rule.starts_with('[') ? colon > 0 && rule[colon - 1] == ']' : rule.find(':') == colon);
  auto host = rule.substr(0, has_port ? colon : rule.size());
  if (has_port && host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return {host, has_port ? rule.substr(colon + 1) : std::string_view{}};
}

bool matches(std::string_view rule, Url const& server, std::optional<Address> const& host) {
  if (auto const in_range = is_in_range(rule, host)) return *in_range;
  auto [name, port] = split(rule);
  if (name.empty()) return false;
  if (!port.empty() && port != std::to_string(server.endpoint().port)) return false;
  if (auto const wanted = address(name)) return host == wanted;
  if (host) return false;
  if (name.starts_with("*.")) name.remove_prefix(1);
  if (name.starts_with('.')) return server.host.ends_with(name);
  return server.host == name || server.host.ends_with("." + std::string{name});
}

bool goes_direct(Url const& server, std::string_view rules) {
  auto const host = address(server.host);
  if (server.host == "localhost" || (host && is_loopback(*host))) return true;
  auto const lowered = ascii::lower_case(rules);
  rules = lowered;
  while (!rules.empty()) {
    auto const end = std::min(rules.find(','), rules.size());
    auto const rule = ascii::trimmed(rules.substr(0, end));
    if (rule == "*" || (!rule.empty() && matches(rule, server, host))) return true;
    rules.remove_prefix(std::min(end + 1, rules.size()));
  }
  return false;
}

}  // namespace

Result<ProxyServer> parse_proxy(std::string_view url) {
  TRY(auto const parsed, parse_url(url));
  if (parsed.scheme != "http" && parsed.scheme != "https")
    return invalid("proxies of the scheme " + parsed.scheme +
                   " are not supported: give one of http:// or https://");
  using Transport = ProxyServer::Transport;
  ProxyServer proxy;
  proxy.transport = parsed.is_https() ? Transport::Tls : Transport::Plain;
  proxy.endpoint = parsed.endpoint();
  if (parsed.user) {
    auto account = *parsed.user + ":";
    if (parsed.password) account += parsed.password->reveal();
    proxy.authorization.emplace("Basic " + base64::encoded(account));
    Secret const wiped{std::move(account)};
  }
  return proxy;
}

Result<std::optional<ProxyServer>> proxy_for(Url const& server, Environment const& environment) {
  using Names = std::array<std::string_view, 2>;
  auto const first_set = [&](Names const& names) {
    return value_of(names[0], environment).empty() ? names[1] : names[0];
  };
  auto const variable = first_set(server.is_https() ? Names{"HTTPS_PROXY", "https_proxy"}
                                                    : Names{"HTTP_PROXY", "http_proxy"});
  std::string url{value_of(variable, environment)};
  auto const exceptions = value_of(first_set({"NO_PROXY", "no_proxy"}), environment);
  if (url.empty() || goes_direct(server, exceptions)) return std::nullopt;
  if (!url.contains("://")) url.insert(0, "http://");
  auto proxy = parse_proxy(url);
  if (!proxy) return Failure{std::move(proxy).error().during(variable)};
  return std::optional{*std::move(proxy)};
}

}  // namespace net
