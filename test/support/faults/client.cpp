#include "test/support/faults/client.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <utility>

namespace faults {

using namespace asio::experimental::awaitable_operators;

Client::Client(Tcp::socket socket, TlsContext context)
    : context_{std::move(context)}, stream_{std::move(socket), *context_} {
  stream_.next_layer().set_option(Tcp::no_delay{true});
}

asio::awaitable<void> Client::handshake() {
  co_await stream_.async_handshake(TlsStream::server, asio::use_awaitable);
}

asio::awaitable<Request> Client::next_request() {
  http::request_parser<http::string_body> parser;
  parser.body_limit(boost::none);
  co_await http::async_read(stream_, buffer_, parser, asio::use_awaitable);
  co_return parser.release();
}

asio::awaitable<void> Client::write(std::string bytes) {
  co_await asio::async_write(stream_, asio::buffer(bytes), asio::use_awaitable);
}

asio::awaitable<void> Client::write(std::string bytes, Pace pace) {
  if (pace.bytes == 0) pace.bytes = bytes.size();
  for (std::size_t sent = 0; sent < bytes.size(); sent += pace.bytes) {
    if (sent > 0) co_await wait(pace.every);
    co_await write(bytes.substr(sent, pace.bytes));
  }
}

asio::awaitable<void> Client::gone() {
  co_await stream_.next_layer().async_wait(Tcp::socket::wait_read, asio::use_awaitable);
}

asio::awaitable<void> Client::wait(std::chrono::milliseconds time) {
  asio::steady_timer timer{stream_.get_executor(), time};
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> Client::say_goodbye() {
  boost::system::error_code ignored;
  co_await (stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored)) ||
            wait(std::chrono::seconds{1}));
  close();
}

void Client::close() {
  boost::system::error_code ignored;
  stream_.next_layer().close(ignored);
}

}  // namespace faults
