#include "test/support/free_port.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

std::uint16_t free_port() {
  using Tcp = boost::asio::ip::tcp;
  boost::asio::io_context loop;
  Tcp::acceptor const acceptor{loop, Tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
  return acceptor.local_endpoint().port();
}
