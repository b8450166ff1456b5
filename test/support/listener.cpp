#include "test/support/listener.hpp"

#include <array>
#include <boost/asio/ip/address_v4.hpp>

namespace {

using Tcp = asio::ip::tcp;

}  // namespace

Listener::Listener(asio::any_io_executor const& executor)
    : acceptor_{executor, Tcp::endpoint{asio::ip::address_v4::loopback(), 0}} {}

net::Endpoint Listener::endpoint() const {
  return {"127.0.0.1", acceptor_.local_endpoint().port()};
}

Task<net::Stream> Listener::next() {
  boost::system::error_code failure;
  auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, failure));
  if (failure) co_return Failure{from(failure)};
  co_return net::plain(std::move(socket));
}

Task<std::string> read_until(net::Stream& stream, std::string_view ending) {
  std::string text;
  char byte = 0;
  while (!text.ends_with(ending)) {
    CO_TRY(auto const count, co_await stream.read_some({&byte, 1}));
    if (count == 0) co_return transient("ended after: " + text);
    text += byte;
  }
  co_return text;
}

Task<std::string> read_all(net::Stream& stream) {
  std::string text;
  std::array<char, 4096> piece{};
  while (true) {
    CO_TRY(auto const count, co_await stream.read_some(piece));
    if (count == 0) co_return text;
    text.append(piece.data(), count);
  }
}
