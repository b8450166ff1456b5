#include "common/net/url.hpp"

#include "common/ascii.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace net {
namespace {

using ascii::lower_case;

bool is_scheme_letter(char byte) {
  return ascii::is_letter(byte) || ascii::is_digit(byte) || byte == '+' || byte == '-' ||
         byte == '.';
}
bool is_name_letter(char byte) {
  return ascii::is_letter(byte) || ascii::is_digit(byte) || byte == '-' || byte == '.' ||
         byte == '_';
}

Result<std::string> unescaped(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    auto const length = text[0] == '%' ? std::size_t{3} : std::size_t{1};
    if (length > text.size()) return invalid("an incomplete %-escape");
    int code = static_cast<unsigned char>(text[0]);
    if (length == 3) {
      auto const [end, failure] = std::from_chars(text.data() + 1, text.data() + 3, code, 16);
      if (failure != std::errc{} || end != text.data() + 3) return invalid("an invalid %-escape");
    }
    plain += static_cast<char>(code);
    text.remove_prefix(length);
  }
  return plain;
}

Result<> read_user(std::string_view text, Url& url) {
  auto const colon = std::min(text.find(':'), text.size());
  TRY(url.user, unescaped(text.substr(0, colon)));
  if (colon == text.size()) return ok;
  TRY(auto password, unescaped(text.substr(colon + 1)));
  url.password.emplace(std::move(password));
  return ok;
}

Result<> read_port(std::string_view text, Url& url) {
  if (text.empty()) return ok;
  auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), url.port);
  if (failure != std::errc{} || end != text.data() + text.size() || url.port == 0)
    return invalid("the port is not a number from 1 to 65535");
  return ok;
}

/// What stands between [ and ]; a zone ("%25eth0") is kept as "%eth0" (RFC 6874).
Result<std::string> ipv6_host(std::string_view text) {
  auto const zone_at = std::min(text.find('%'), text.size());
  std::string const address{text.substr(0, zone_at)};
  std::array<unsigned char, 16> bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1)
    return invalid("no IPv6 address stands in the brackets");
  if (zone_at == text.size()) return lower_case(address);
  auto const zone = text.substr(zone_at);
  if (!zone.starts_with("%25") || zone.size() == 3 ||
      !std::ranges::all_of(zone.substr(3), is_name_letter))
    return invalid("the zone of the IPv6 address is not written as %25name");
  return lower_case(address) + "%" + std::string{zone.substr(3)};
}

Result<> read_host_and_port(std::string_view text, Url& url) {
  if (text.starts_with('[')) {
    auto const end = text.find(']');
    if (end == std::string_view::npos) return invalid("a [ without its ]");
    TRY(url.host, ipv6_host(text.substr(1, end - 1)));
    text.remove_prefix(end + 1);
    if (!text.empty() && text[0] != ':') return invalid("something follows the ]");
    return text.empty() ? ok : read_port(text.substr(1), url);
  }
  auto const colon = std::min(text.find(':'), text.size());
  url.host = lower_case(text.substr(0, colon));
  if (url.host.empty()) return invalid("there is no host");
  if (!std::ranges::all_of(url.host, is_name_letter))
    return invalid("the host is neither a name nor an address; IPv6 needs brackets: [::1]");
  return colon == text.size() ? ok : read_port(text.substr(colon + 1), url);
}

}  // namespace

Endpoint Url::endpoint() const {
  auto const usual = static_cast<std::uint16_t>(is_https() ? 443 : 80);
  return {host, port == 0 ? usual : port};
}

Result<Url> parse_url(std::string_view text) {
  auto const scheme_end = text.find("://");
  auto const scheme = text.substr(0, std::min(scheme_end, text.size()));
  if (scheme_end == std::string_view::npos || scheme.empty() || !ascii::is_letter(scheme[0]) ||
      !std::ranges::all_of(scheme, is_scheme_letter))
    return invalid("not a URL: it does not begin with https:// or the like");
  if (!ascii::is_visible(text))
    return invalid("not a URL: it contains what is not printable ASCII");
  if (text.find_first_of("?#\\") != std::string_view::npos)
    return invalid("a URL with a query or fragment has no use here");
  Url url;
  url.scheme = lower_case(scheme);
  text.remove_prefix(scheme_end + 3);
  auto const path_at = std::min(text.find('/'), text.size());
  auto path = text.substr(path_at);
  while (path.ends_with('/')) path.remove_suffix(1);
  url.path = path;
  auto authority = text.substr(0, path_at);
  if (auto const at = authority.rfind('@'); at != std::string_view::npos) {
    TRY(read_user(authority.substr(0, at), url));
    authority.remove_prefix(at + 1);
  }
  TRY(read_host_and_port(authority, url));
  return url;
}

}  // namespace net
