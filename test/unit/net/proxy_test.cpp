#include "common/net/proxy.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using net::ProxyServer;

/// "host:port" of the proxy for `server`, "direct", or what is wrong.
std::string way_to(std::string_view server, Environment const& environment) {
  auto const proxy = net::proxy_for(net::parse_url(server).value(), environment);
  if (!proxy) return proxy.error().message;
  auto const& chosen = *proxy;
  return chosen ? chosen->endpoint.text() : "direct";
}

std::string way_past(std::string_view exceptions, std::string_view server) {
  return way_to(server, {{"HTTPS_PROXY", "http://proxy:3128"},
                         {"HTTP_PROXY", "http://proxy:3128"},
                         {"NO_PROXY", std::string{exceptions}}});
}

std::string const through = "proxy:3128";

}  // namespace

SCENARIO("a proxy's URL tells how to reach it and what to say there") {
  auto const plain = net::parse_proxy("http://proxy.example").value();
  CHECK(plain == ProxyServer{.endpoint = {"proxy.example", 80}, .authorization = {}});
  auto const secured = net::parse_proxy("https://Aladdin:open%20sesame@proxy:8443").value();
  CHECK(secured == ProxyServer{.transport = ProxyServer::Transport::Tls,
                               .endpoint = {"proxy", 8443},
                               .authorization = Secret{"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}});
  CHECK(net::parse_proxy("socks5://user:hidden@proxy").error() ==
        Error{Fault::Invalid,
              "proxies of the scheme socks5 are not supported: give one of http:// or https://"});
  CHECK(!net::parse_proxy("http://a:b:hidden@"));
}

SCENARIO("the variable for the server's scheme counts, in capitals first") {
  CHECK(way_to("https://api", {}) == "direct");
  CHECK(way_to("https://api", {{"HTTPS_PROXY", "http://a:1"}, {"https_proxy", "http://b:2"}}) ==
        "a:1");
  CHECK(way_to("https://api", {{"HTTPS_PROXY", ""}, {"https_proxy", "http://b:2"}}) == "b:2");
  CHECK(way_to("https://api", {{"HTTP_PROXY", "http://a:1"}}) == "direct");
  CHECK(way_to("http://api", {{"HTTP_PROXY", "http://a:1"}}) == "a:1");
  CHECK(way_to("http://api", {{"http_proxy", "http://a:1"}}) == "a:1");
  CHECK(way_to("http://api", {{"HTTPS_PROXY", "http://a:1"}}) == "direct");
  CHECK(way_to("https://api", {{"ALL_PROXY", "http://a:1"}}) == "direct");
}

SCENARIO("a proxy from the environment needs no scheme") {
  CHECK(way_to("https://api", {{"HTTPS_PROXY", "a:3128"}}) == "a:3128");
  CHECK(way_to("https://api", {{"HTTPS_PROXY", "a"}}) == "a:80");
}

SCENARIO("a proxy that cannot be used is an error that names the variable and no password") {
  CHECK(way_to("https://api", {{"https_proxy", "socks5h://user:hidden@a:1"}}) ==
        "https_proxy: proxies of the scheme socks5h are not supported: give one of http:// or "
        "https://");
  CHECK(way_to("https://api", {{"HTTPS_PROXY", "http://user:hidden@a:x"}}) ==
        "HTTPS_PROXY: the port is not a number from 1 to 65535");
  CHECK(way_to("https://api", {{"HTTPS_PROXY", "socks5://a"}, {"NO_PROXY", "api"}}) == "direct");
}

SCENARIO("this machine is never asked for through a proxy") {
  for (auto const* const server : {"https://localhost:6443", "https://127.0.0.1", "https://[::1]:1",
                                   "https://127.9.9.9", "https://[::ffff:127.0.0.1]"})
    CHECK(way_past("", server) == "direct");
  CHECK(way_past("", "https://128.0.0.1") == through);
}

SCENARIO("NO_PROXY names whom to ask directly") {
  CHECK(way_past("*", "https://api") == "direct");
  CHECK(way_past("a, *", "https://api") == "direct");
  CHECK(way_past("", "https://api") == through);
  CHECK(way_to("https://api", {{"HTTPS_PROXY", "a"}, {"no_proxy", "api"}}) == "direct");

  CHECK(way_past("example.org", "https://example.org") == "direct");
  CHECK(way_past("Example.org", "https://API.example.ORG") == "direct");
  CHECK(way_past("example.org", "https://anexample.org") == through);
  CHECK(way_past(".example.org", "https://example.org") == through);
  CHECK(way_past(".example.org", "https://a.b.example.org") == "direct");
  CHECK(way_past("*.example.org", "https://a.example.org") == "direct");
  CHECK(way_past("*.example.org", "https://example.org") == through);

  CHECK(way_past("api:6443", "https://api:6443") == "direct");
  CHECK(way_past("api:443", "https://api") == "direct");
  CHECK(way_past("api:80", "http://api") == "direct");
  CHECK(way_past("api:80", "https://api") == through);
  CHECK(way_past(":443,,[,],/", "https://api") == through);
}

SCENARIO("NO_PROXY knows addresses and ranges") {
  CHECK(way_past("10.0.0.1", "https://10.0.0.1") == "direct");
  CHECK(way_past("10.0.0.1:6443", "https://10.0.0.1:6443") == "direct");
  CHECK(way_past("10.0.0.1:6443", "https://10.0.0.1") == through);
  CHECK(way_past("2001:db8::1", "https://[2001:DB8:0::1]") == "direct");
  CHECK(way_past("[2001:db8::1]:443", "https://[2001:db8::1]") == "direct");
  CHECK(way_past("[2001:db8::1]:444", "https://[2001:db8::1]") == through);
  CHECK(way_past("0.1", "https://10.0.0.1") == through);

  CHECK(way_past("x,10.0.0.0/8", "https://10.255.0.1") == "direct");
  CHECK(way_past("10.0.0.0/9", "https://10.127.255.255") == "direct");
  CHECK(way_past("10.0.0.0/9", "https://10.128.0.0") == through);
  CHECK(way_past("0.0.0.0/0", "https://10.128.0.0") == "direct");
  CHECK(way_past("0.0.0.0/0", "https://[2001:db8::1]") == through);
  CHECK(way_past("10.0.0.0/33", "https://10.0.0.0") == through);
  CHECK(way_past("10.0.0.0/8", "https://name") == through);
  CHECK(way_past("2001:db8::/33", "https://[2001:db8:7fff::1]") == "direct");
  CHECK(way_past("2001:db8::/33", "https://[2001:db8:8000::1]") == through);
  CHECK(way_past("::/0", "https://10.0.0.1") == through);
}
