#include "test/support/faults/upstream.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

namespace faults {

Upstream::Upstream(asio::any_io_executor const& executor, TlsContext context)
    : context_{std::move(context)}, stream_{executor, *context_} {
  parser_.body_limit(boost::none);
}

asio::awaitable<void> Upstream::send(ApiServer const& server, Request request) {
  verify_address(stream_, server.host);
  auto const address = asio::ip::make_address(server.host);
  auto const port = static_cast<asio::ip::port_type>(std::stoul(server.port));
  co_await stream_.lowest_layer().async_connect({address, port}, asio::use_awaitable);
  co_await stream_.async_handshake(TlsStream::client, asio::use_awaitable);
  co_await http::async_write(stream_, request, asio::use_awaitable);
}

asio::awaitable<Response> Upstream::answer() {
  co_await http::async_read(stream_, buffer_, parser_, asio::use_awaitable);
  co_return parser_.release();
}

asio::awaitable<http::response_header<>> Upstream::head() {
  co_await http::async_read_header(stream_, buffer_, parser_, asio::use_awaitable);
  co_return parser_.get().base();
}

asio::awaitable<std::optional<std::string>> Upstream::next_line() {
  std::size_t looked_at = 0;
  while (true) {
    auto const end = text_.find('\n', looked_at);
    if (end != std::string::npos) {
      auto line = text_.substr(0, end + 1);
      text_.erase(0, end + 1);
      co_return line;
    }
    looked_at = text_.size();
    if (parser_.is_done()) co_return std::nullopt;
    boost::system::error_code failure;
    co_await http::async_read_some(stream_, buffer_, parser_,
                                   asio::redirect_error(asio::use_awaitable, failure));
    if (failure) co_return std::nullopt;
    text_ += std::exchange(parser_.get().body(), {});
  }
}

}  // namespace faults
