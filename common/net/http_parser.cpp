#include "common/net/http_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/core.h>
#include <type_traits>

namespace net {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

template <class Message>
constexpr bool is_request = std::is_same_v<Message, Request>;

/// Collects what Beast finds.
template <class Message>
class Collector final : public http::basic_parser<is_request<Message>> {
 public:
  explicit Collector(MessageLimits limits) {
    this->eager(true);
    this->header_limit(limits.head);
    this->body_limit(boost::none);
    if (limits.body) this->body_limit(*limits.body);
  }

  Message message;

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int,
                       error_code&) override {
    if constexpr (is_request<Message>) {
      message.method = method;
      message.target = target;
    }
  }

  void on_response_impl(int status, string_view, int, error_code&) override {
    if constexpr (!is_request<Message>) message.status = static_cast<unsigned>(status);
  }

  void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
    message.headers.add(std::string{name}, std::string{value});
  }

  std::size_t on_body_impl(string_view body, error_code&) override {
    message.body += body;
    return body.size();
  }

  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    message.body += body;
    return body.size();
  }

  void on_header_impl(error_code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}
};

Failure not_http(std::string_view reason) {
  return transient(fmt::format("the peer's HTTP can't be read: {}", reason));
}

/// RFC 9110, section 15.5, and RFC 6585, section 5.
unsigned refusal_of(error_code failure) {
  if (failure == http::error::body_limit) return 413;
  return failure == http::error::header_limit ? 431 : 400;
}

}  // namespace

template <class Message>
struct HttpParser<Message>::Parser {
  explicit Parser(MessageLimits limits) : collector{limits}, most_pending{limits.head} {}

  Collector<Message> collector;
  std::size_t most_pending;
  std::optional<unsigned> refusal;
};

template <class Message>
HttpParser<Message>::HttpParser(MessageLimits limits) : parser_{std::make_unique<Parser>(limits)} {}

template <class Message>
HttpParser<Message>::HttpParser(HttpParser&&) noexcept = default;

template <class Message>
HttpParser<Message>& HttpParser<Message>::operator=(HttpParser&&) noexcept = default;

template <class Message>
HttpParser<Message>::~HttpParser() = default;

template <class Message>
Result<std::size_t> HttpParser<Message>::put(std::string_view bytes) {
  if (bytes.empty() || complete()) return 0;
  error_code failure;
  auto const read =
      parser_->collector.put(boost::asio::const_buffer{bytes.data(), bytes.size()}, failure);
  if (failure && failure != http::error::need_more) {
    parser_->refusal = refusal_of(failure);
    return not_http(failure.message());
  }
  // Beast leaves chunk extensions and trailers with the caller until they end.
  if (bytes.size() - read > parser_->most_pending && !complete()) {
    parser_->refusal = 400;
    return not_http("a line is too long");
  }
  return read;
}

template <class Message>
Result<> HttpParser<Message>::finish() {
  if (complete()) return ok;
  if (!begun()) return transient("the peer ended the connection");
  error_code failure;
  parser_->collector.put_eof(failure);
  if (failure) return transient("the peer ended the connection in the middle of a message");
  return ok;
}

template <class Message>
std::optional<unsigned> HttpParser<Message>::refusal() const {
  return parser_->refusal;
}

template <class Message>
bool HttpParser<Message>::begun() const {
  return parser_->collector.got_some();
}

template <class Message>
bool HttpParser<Message>::head_complete() const {
  return parser_->collector.is_header_done();
}

template <class Message>
bool HttpParser<Message>::complete() const {
  return parser_->collector.is_done();
}

template <class Message>
bool HttpParser<Message>::keeps_alive() const {
  return parser_->collector.keep_alive();
}

template <class Message>
Message& HttpParser<Message>::message() {
  return parser_->collector.message;
}

template class HttpParser<Request>;
template class HttpParser<Response>;

}  // namespace net
