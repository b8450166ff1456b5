#include "common/net/endpoint.hpp"

#include <catch2/catch_test_macros.hpp>

using net::Endpoint;
using net::listen_address;

SCENARIO("an address to listen at is told as Go programs are told it") {
  CHECK(listen_address(":8081").value() == Endpoint{.host = "", .port = 8081});
  CHECK(listen_address("127.0.0.1:0").value() == Endpoint{.host = "127.0.0.1", .port = 0});
  CHECK(listen_address("[::1]:65535").value() == Endpoint{.host = "::1", .port = 65535});
  CHECK(listen_address("0.0.0.0:80").value().text() == "0.0.0.0:80");
  CHECK(listen_address("[::]:80").value().text() == "[::]:80");
}

SCENARIO("what is no address to listen at is refused by name") {
  for (std::string_view const wrong :
       {"", ":", "8081", "127.0.0.1", "localhost:8081", ":65536", ":-1", ":80x", ": 80", "::1:80",
        "[::1]", "[127.0.0.1]:80", "[::1:80", "127.0.0.1:", "1.2.3:80", "http://127.0.0.1:80"}) {
    CAPTURE(wrong);
    auto const address = listen_address(wrong);
    REQUIRE_FALSE(address);
    CHECK(address.error().fault == Fault::Invalid);
    CHECK(address.error().message.starts_with("'" + std::string{wrong} + "' is no address"));
  }
}
