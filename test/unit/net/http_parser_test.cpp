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

namespace {

/// Why a parser refuses `bytes`, given in pieces of `size`, before their end; 0: it does not.
template <class Message>
unsigned refusal_of(std::string_view bytes, std::size_t size, MessageLimits limits = {}) {
  HttpParser<Message> parser{limits};
  std::string unread;
  while (!bytes.empty()) {
    unread += bytes.substr(0, size);
    bytes.remove_prefix(std::min(size, bytes.size()));
    auto const read = parser.put(unread);
    if (!read) return read.error().fault == Fault::Transient ? parser.refusal().value_or(0) : 999;
    unread.erase(0, *read);
  }
  return 0;
}

/// The same however the bytes are cut.
template <class Message>
unsigned refusal_of(std::string_view bytes, MessageLimits limits = {}) {
  auto const whole = refusal_of<Message>(bytes, bytes.size(), limits);
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    CAPTURE(bytes, size);
    CHECK(refusal_of<Message>(bytes, size, limits) == whole);
  }
  return whole;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("what is not HTTP, or tries to be two messages at once, is refused") {
  for (std::string_view const bytes :
       {"garbage\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/3.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"}) {
    CAPTURE(bytes);
    CHECK(refusal_of<Response>(bytes) == 400);
  }
  std::string_view const unix_lines = "HTTP/1.1 200 OK\nX: y\n\n";
  CHECK(refusal_of<Response>(unix_lines, unix_lines.size()) == 400);
  CHECK_FALSE(parsed<Response>(unix_lines, 1));
}

TEST_CASE("how a message is encoded has to be understood, or its end is anybody's guess") {
  for (std::string const fields :
       {"Transfer-Encoding: gzip", "Transfer-Encoding: xchunked",
        "Transfer-Encoding:", "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: \vchunked",
        "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: gzip\r\nContent-Length: 3",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Content-Length: 3\r\nTransfer-Encoding: chunked"}) {
    CHECK(refusal_of<Request>("POST / HTTP/1.1\r\n" + fields + "\r\n\r\n") == 400);
    CHECK(refusal_of<Request>("POST / HTTP/1.0\r\n" + fields + "\r\n\r\n") == 400);
    CHECK(refusal_of<Response>("HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n") == 400);
  }
  CHECK(refusal_of<Request>("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(refusal_of<Response>("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  auto parser = parsed<Request>(
      "POST / HTTP/1.1\r\ntransfer-encoding: CHUNKED\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 7);
  REQUIRE(parser);
  CHECK(parser->message().body == "hi");
}

TEST_CASE("a trailer does not become a header, however it is cut") {
  constexpr std::string_view bytes =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\nHost: y\r\nX-Remote-User: root\r\n\r\n";
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    auto parser = parsed<Request>(bytes, size);
    REQUIRE(parser);
    CHECK(parser->complete());
    CHECK(parser->message().headers ==
          net::Headers{{"Host", "x"}, {"Transfer-Encoding", "chunked"}});
  }
}

TEST_CASE("an empty chunked body reads the same however it is cut") {
  for (std::string_view const bytes :
       {"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n00\r\n\r\n",
        "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n0;a\r\nb:\r\n\r\n"})
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
      auto parser = parsed<Response>(bytes, size);
      REQUIRE(parser);
      CHECK(parser->complete());
    }
}

TEST_CASE("more than the limits allow is refused, however it is cut") {
  MessageLimits const limits{.head = 200, .body = 10};
  auto const refusal = [&](std::string const& bytes) { return refusal_of<Request>(bytes, limits); };
  std::string const post = "POST / HTTP/1.1\r\n";
  std::string const chunks = post + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(refusal(post + "Content-Length: 11\r\n\r\n") == 413);
  CHECK(refusal(chunks + "b\r\n01234567890\r\n") == 413);
  CHECK(refusal(chunks + "6\r\n012345\r\n6\r\n678901\r\n") == 413);
  CHECK(refusal(post + "X: " + std::string(300, 'x')) == 431);
  CHECK(refusal("GET /" + std::string(300, 'x')) == 431);
  CHECK(refusal(post + repeated("X: y\r\n", 40)) == 431);
  auto const fields = repeated("X: y\r\n", 30);
  CHECK(refusal("POST /1 HTTP/1.1\r\n" + fields + "\r\n") == 0);  // 200 bytes
  CHECK(refusal("POST /12 HTTP/1.1\r\n" + fields + "\r\n") == 431);
  CHECK(refusal(chunks + "1;" + std::string(300, 'x')) == 400);
  CHECK(refusal(chunks + "0\r\n" + "X: " + std::string(300, 'x')) == 400);
}

TEST_CASE("a head whose pieces end within fields is held to its limit") {
  HttpParser<Request> parser{{.head = 256, .body = 256}};
  std::string unread = "GET / HTTP/1.1\r\nX";
  std::size_t pieces = 0;
  for (; pieces < 1000 && !parser.refusal(); ++pieces) {
    auto const read = parser.put(unread);
    if (read) unread.erase(0, *read);
    unread += ": b\r\nX";
  }
  CHECK(parser.refusal() == 431);
  CHECK(pieces < 50);
}

TEST_CASE("fields may not be too many, however short") {
  auto const head = [](std::size_t fields) {
    return "GET / HTTP/1.1\r\n" + repeated("a:\r\n", fields) + "\r\n";
  };
  auto const refused = [](std::string const& bytes) {
    return refusal_of<Request>(bytes, bytes.size());
  };
  CHECK(refused(head(256)) == 0);
  CHECK(refused(head(257)) == 431);
  std::string const chunks = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  CHECK(refused(chunks + repeated("a:\r\n", 255) + "\r\n") == 0);
  CHECK(refused(chunks + repeated("a:\r\n", 256) + "\r\n") == 431);
  CHECK(refusal_of<Request>(chunks + repeated("a: 123456789\r\n", 30) + "\r\n", 1000,
                            {.head = 200, .body = 10}) == 431);
}
