#include "common/net/url.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

std::string complaint(std::string_view text) {
  auto const parsed = net::parse_url(text);
  REQUIRE(!parsed);
  CHECK(parsed.error().fault == Fault::Invalid);
  return parsed.error().message;
}

}  // namespace

SCENARIO("a URL is taken apart") {
  auto const url = net::parse_url("HTTPS://us%65r:p%40ss@Example.ORG:6443/k8s/clusters/c-1/");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->user == "user");
  CHECK(url->password == Secret{"p@ss"});
  CHECK(url->host == "example.org");
  CHECK(url->port == 6443);
  CHECK(url->path == "/k8s/clusters/c-1");
}

SCENARIO("most parts may be missing") {
  auto const url = net::parse_url("http://10.0.0.1").value();
  CHECK(url.host == "10.0.0.1");
  CHECK(url.port == 0);
  CHECK(url.endpoint().port == 80);
  CHECK(url.path.empty());
  CHECK(!url.user);
  CHECK(net::parse_url("https://a:/")->endpoint().port == 443);
  CHECK(net::parse_url("https://a//")->path.empty());
  CHECK(net::parse_url("https://user@a")->user == "user");
  CHECK(!net::parse_url("https://user@a")->password);
}

SCENARIO("IPv6 addresses stand in brackets") {
  CHECK(net::parse_url("https://[2001:DB8::1]:6443")->host == "2001:db8::1");
  CHECK(net::parse_url("https://[2001:DB8::1]:6443")->port == 6443);
  CHECK(net::parse_url("https://[fe80::1%25eth0]/")->host == "fe80::1%eth0");
  CHECK(net::parse_url("https://[::1]")->endpoint().text() == "[::1]:443");
}

SCENARIO("what is no URL of a server is refused") {
  for (auto const* const text : {"", "example.org", "example.org:443", "://a", "1https://a", "/a"})
    CHECK(complaint(text) == "not a URL: it does not begin with https:// or the like");
  CHECK(complaint("https://") == "there is no host");
  CHECK(complaint("https://:80") == "there is no host");
  CHECK(complaint("https://a b") == "not a URL: it contains what is not printable ASCII");
  CHECK(complaint("https://a\r\nb") == "not a URL: it contains what is not printable ASCII");
  CHECK(complaint("https://a/?x") == "a URL with a query or fragment has no use here");
  CHECK(complaint("https://a#x") == "a URL with a query or fragment has no use here");
  CHECK(complaint("https://a%41") ==
        "the host is neither a name nor an address; IPv6 needs brackets: [::1]");
  CHECK(complaint("https://::1") == "there is no host");
  for (auto const* const port : {"0", "65536", "-1", "x", "1x", "99999999999"})
    CHECK(complaint(std::string{"https://a:"} + port) ==
          "the port is not a number from 1 to 65535");
  CHECK(complaint("https://[::1") == "a [ without its ]");
  CHECK(complaint("https://[::1]x") == "something follows the ]");
  CHECK(complaint("https://[1.2.3.4]") == "no IPv6 address stands in the brackets");
  CHECK(complaint("https://[fe80::1%eth0]") ==
        "the zone of the IPv6 address is not written as %25name");
  CHECK(complaint("https://a%4@b") == "an incomplete %-escape");
  CHECK(complaint("https://a%4x@b") == "an invalid %-escape");
}
