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

/// Of a head and its trailers together; real ones have about ten.
constexpr std::size_t most_fields = 256;

/// Collects what Beast finds.
template <class Message>
class Collector final : public http::basic_parser<is_request<Message>> {
 public:
  explicit Collector(MessageLimits limits) : most_trailers_{limits.head} {
    this->header_limit(limits.head);
    this->body_limit(boost::none);
    if (limits.body) this->body_limit(*limits.body);
  }

  /// How many bytes it takes to go on: Beast asserts that no chunked body has fewer than these.
  std::size_t least() const { return this->chunked() && !in_chunks_ ? 5 : 1; }

  Message message;

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int version,
                       error_code&) override {
    version_ = version;
    if constexpr (is_request<Message>) {
      message.method = method;
      message.target = target;
    }
  }

  void on_response_impl(int status, string_view, int version, error_code&) override {
    version_ = version;
    if constexpr (!is_request<Message>) message.status = static_cast<unsigned>(status);
  }

  void on_field_impl(http::field field, string_view name, string_view value,
                     error_code& failure) override {
    if (++fields_ > most_fields) failure = http::error::header_limit;
    if (this->is_header_done()) return count_trailer(name.size() + value.size(), failure);
    if (field == http::field::transfer_encoding && !is_understood(value))
      failure = http::error::bad_transfer_encoding;
    if (!failure) message.headers.add(std::string{name}, std::string{value});
  }

  /// Trailers may not become headers (RFC 9110, section 6.5.1), and nobody asks for them.
  void count_trailer(std::size_t size, error_code& failure) {
    trailers_ += size;
    if (trailers_ > most_trailers_) failure = http::error::header_limit;
  }

  /// Beast passes over a coding that it does not know, and then disagrees with others about where
  /// the message ends (RFC 9112, sections 6.1 and 11.2).
  bool is_understood(string_view transfer_encoding) const {
    return version_ >= 11 &&
           same_name({transfer_encoding.data(), transfer_encoding.size()}, "chunked");
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
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override { in_chunks_ = true; }
  void on_finish_impl(error_code&) override {}

  std::size_t most_trailers_;
  std::size_t trailers_ = 0;
  std::size_t fields_ = 0;
  int version_ = 0;
  bool in_chunks_ = false;
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
  explicit Parser(MessageLimits limits) : collector{limits}, most_head{limits.head} {}

  Failure refuse(error_code failure) {
    refusal = refusal_of(failure);
    return not_http(failure.message());
  }

  /// As Beast's put(), up to the end of the head unless that was read before.
  Result<std::size_t> read(std::string_view bytes) {
    error_code failure;
    auto const count =
        collector.put(boost::asio::const_buffer{bytes.data(), bytes.size()}, failure);
    if (failure && failure != http::error::need_more) return refuse(failure);
    return count;
  }

  /// Beast holds only what it is given at once to its limit.
  Result<std::size_t> read_head(std::string_view bytes) {
    TRY(auto const count, read(bytes));
    head += count;
    auto const pending = collector.is_header_done() ? 0 : bytes.size() - count;
    if (head + pending > most_head) return refuse(http::error::header_limit);
    collector.eager(collector.is_header_done());
    return count;
  }

  Collector<Message> collector;
  std::size_t most_head;
  std::size_t head = 0;  ///< how many of its bytes have been read
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
  std::size_t read = 0;
  if (!bytes.empty() && !head_complete()) {
    TRY(read, parser_->read_head(bytes));
  }
  bytes.remove_prefix(read);
  if (!head_complete() || complete() || bytes.size() < parser_->collector.least()) return read;
  TRY(auto const of_body, parser_->read(bytes));
  // Beast leaves chunk extensions and trailers with the caller until they end.
  if (bytes.size() - of_body > parser_->most_head && !complete()) {
    parser_->refusal = 400;
    return not_http("a line is too long");
  }
  return read + of_body;
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
