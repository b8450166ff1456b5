#include "common/net/http.hpp"

#include <catch2/catch_test_macros.hpp>

using net::Headers;
using net::Request;
using net::Response;

TEST_CASE("a header is found whatever its case, and the first of several counts") {
  Headers const headers{{"Retry-After", "5"}, {"retry-after", "7"}};
  CHECK(headers.find("RETRY-AFTER") == "5");
  CHECK_FALSE(headers.find("Retry").has_value());
}

TEST_CASE("a request is written with the length of its body") {
  Request const request{.method = "PATCH",
                        .target = "/api/v1/pods?fieldManager=us",
                        .headers = {{"Host", "kubernetes:443"}},
                        .body = "{}"};
  CHECK(net::serialized(request).value() ==
        "PATCH /api/v1/pods?fieldManager=us HTTP/1.1\r\nHost: kubernetes:443\r\n"
        "Content-Length: 2\r\n\r\n{}");
}

TEST_CASE("a response is written with the length of its body") {
  Response const response{.status = 503, .headers = {{"Retry-After", "1"}}, .body = "no"};
  CHECK(net::serialized(response, "GET").value() ==
        "HTTP/1.1 503 \r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\nno");
  CHECK(net::serialized(response, "HEAD").value() ==
        "HTTP/1.1 503 \r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n");
}

TEST_CASE("a response that may have no body has no length either") {
  for (unsigned const status : {103U, 204U, 304U})
    for (std::string const method : {"GET", "HEAD"})
      CHECK(
          net::serialized(Response{.status = status, .headers = {}, .body = "x"}, method).value() ==
          "HTTP/1.1 " + std::to_string(status) + " \r\n\r\n");
}

TEST_CASE("what would end a line early is refused") {
  for (std::string const hostile : {"a\r\nX: b", "a\nb", "a\rb", "a\x7f", "\x01"}) {
    CAPTURE(hostile);
    CHECK(net::serialized(Request{.method = hostile, .headers = {}, .body = {}}).error().fault ==
          Fault::Invalid);
    CHECK(net::serialized(Request{.target = "/" + hostile, .headers = {}, .body = {}})
              .error()
              .fault == Fault::Invalid);
    CHECK(net::serialized(Request{.headers = {{hostile, "b"}}, .body = {}}).error().fault ==
          Fault::Invalid);
    CHECK(net::serialized(Response{.headers = {{"X", hostile}}, .body = {}}, "GET").error().fault ==
          Fault::Invalid);
  }
  CHECK_FALSE(net::serialized(Request{.method = "", .headers = {}, .body = {}}));
  CHECK_FALSE(net::serialized(Request{.target = "", .headers = {}, .body = {}}));
  CHECK_FALSE(net::serialized(Response{.status = 42, .headers = {}, .body = {}}, "GET"));
}

TEST_CASE("a target is printable ASCII, whatever the sign of a char") {
  for (std::string const target : {"/a b", "/\x80", "/\xff", "/\xc3\xa9"})
    CHECK_FALSE(net::serialized(Request{.target = target, .headers = {}, .body = {}}));
  CHECK(net::serialized(Request{.target = "/!~", .headers = {}, .body = {}}));
}

TEST_CASE("a header that is refused keeps its value to itself") {
  Request const request{.headers = {{"Authorization", "Bearer hunter2\n"}}, .body = {}};
  auto const message = net::serialized(request).error().message;
  CHECK(message == "the header Authorization has characters that it may not have");
}
