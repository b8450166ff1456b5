#pragma once
#include "test/support/faults/tls.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>

/// Only for .cpp files: it costs seconds.
namespace faults {

namespace beast = boost::beast;
namespace http = beast::http;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

/// One request to an API server, on a connection of its own.
class Upstream {
 public:
  Upstream(asio::any_io_executor const& executor, TlsContext context);

  /// Sends a request; fails where the API server can't be reached.
  asio::awaitable<void> send(ApiServer const& server, Request request);

  /// The whole answer.
  asio::awaitable<Response> answer();

  /// The head of an answer whose body is then read with next_line().
  asio::awaitable<http::response_header<>> head();

  /// The next line of the body, with its end; nothing where it has ended, properly or not.
  asio::awaitable<std::optional<std::string>> next_line();

  /// Puts lines before those that the API server sends.
  void precede(std::string const& lines) { text_.insert(0, lines); }

  /// Whether the body ended as HTTP wants it.
  bool ended_properly() const { return parser_.is_done(); }

 private:
  TlsContext context_;
  TlsStream stream_;
  beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
  std::string text_;  ///< received, and not yet given out
};

}  // namespace faults
