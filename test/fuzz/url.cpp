#include "common/net/url.hpp"

#include "common/net/proxy.hpp"

#include <cstdint>
#include <cstdlib>

/// A URL that is read has a host that can stand in a header, and any list of exceptions is read.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  auto const url = net::parse_url(text);
  if (url && (url->host.empty() || url->endpoint().port == 0 || url->path.ends_with('/')))
    std::abort();
  if (url && !url->user) {
    auto const again = net::parse_url(url->scheme + "://" + url->endpoint().text() + url->path);
    bool const has_zone = url->host.contains('%');
    if (!has_zone && (!again || again->host != url->host || again->path != url->path)) std::abort();
  }
  Environment const environment{{"HTTPS_PROXY", "proxy"}, {"NO_PROXY", std::string{text}}};
  for (auto const* const server : {"https://10.0.0.1", "https://[2001:db8::1]", "https://a.b"})
    if (!net::proxy_for(net::parse_url(server).value(), environment)) std::abort();
  return 0;
}
