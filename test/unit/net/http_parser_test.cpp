#include "common/net/http_parser.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using net::HttpParser;
using net::MessageLimits;
using net::Request;
using net::Response;

/// Gives `bytes` to a parser in pieces of `size`, the way a stream would.
template <class Message>
Result<HttpParser<Message>> parsed(std::string_view bytes, std::size_t size,
                                   MessageLimits limits = {}) {
  HttpParser<Message> parser{limits};
  std::string unread;
  while (!bytes.empty()) {
    unread += bytes.substr(0, size);
    bytes.remove_prefix(std::min(size, bytes.size()));
    TRY(auto const read, parser.put(unread));
    unread.erase(0, read);
  }
  TRY(parser.finish());
  return parser;
}

constexpr std::string_view chunked =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;why=not\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nX-Trailer: 1\r\n\r\n";

}  // namespace

TEST_CASE("a chunked answer reads the same however it is cut") {
  for (std::size_t size = 1; size <= chunked.size(); ++size) {
    CAPTURE(size);
    auto parser = parsed<Response>(chunked, size);
    REQUIRE(parser);
    CHECK(parser->complete());
    CHECK(parser->keeps_alive());
    CHECK(parser->message().status == 200);
    CHECK(parser->message().headers.find("content-type") == "application/json");
    CHECK(parser->message().body == "hello world");
  }
}

TEST_CASE("a request reads the same however it is cut") {
  constexpr std::string_view bytes =
      "POST /validate?timeout=10s HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    auto parser = parsed<Request>(bytes, size);
    REQUIRE(parser);
    CHECK(parser->message() == Request{.method = "POST",
                                       .target = "/validate?timeout=10s",
                                       .headers = {{"Host", "x"}, {"Content-Length", "3"}},
                                       .body = "abc"});
  }
}

TEST_CASE("an answer of unknown length ends with its connection") {
  auto parser = parsed<Response>("HTTP/1.0 502 Bad\r\n\r\n<html>", 4);
  REQUIRE(parser);
  CHECK(parser->complete());
  CHECK_FALSE(parser->keeps_alive());
  CHECK(parser->message().body == "<html>");
}

TEST_CASE("what stands behind a message is left alone") {
  HttpParser<Response> parser;
  std::string_view const bytes = "HTTP/1.1 204 \r\n\r\nHTTP/1.1 200 ";
  CHECK(parser.put(bytes).value() == 17);
  CHECK(parser.complete());
  CHECK(parser.put(bytes.substr(17)).value() == 0);
}

TEST_CASE("an answer that is cut short is an error that says so") {
  for (std::size_t length = 0; length < chunked.size(); ++length) {
    auto const outcome = parsed<Response>(chunked.substr(0, length), 1);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().fault == Fault::Transient);
    CHECK(outcome.error().message.starts_with("the peer ended the connection"));
  }
}

TEST_CASE("what is not HTTP, or tries to be two messages at once, is refused") {
  for (std::string_view const bytes :
       {"garbage\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/3.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\nX: y\n\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"}) {
    CAPTURE(bytes);
    auto const outcome = parsed<Response>(bytes, bytes.size());
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().fault == Fault::Transient);
  }
}

TEST_CASE("more than the limits allow is refused before it is kept") {
  MessageLimits const limits{.head = 200, .body = 10};
  auto const refusal = [&](std::string const& bytes) {
    HttpParser<Request> parser{limits};
    REQUIRE_FALSE(parser.put(bytes));
    return parser.refusal().value();
  };
  CHECK(refusal("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n") == 413);
  CHECK(refusal("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n") ==
        413);
  CHECK(refusal("POST / HTTP/1.1\r\nX: " + std::string(300, 'x')) == 431);
  CHECK(refusal("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                std::string(300, 'x')) == 400);
}
