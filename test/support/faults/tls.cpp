#include "test/support/faults/tls.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace faults {
namespace {

void show(ssl::context& context, std::string const& certificate, std::string const& key) {
  context.use_certificate_chain(asio::buffer(certificate));
  context.use_private_key(asio::buffer(key), ssl::context::pem);
}

}  // namespace

TlsContext server_context(ServerIdentity const& identity) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  show(*context, identity.certificate, identity.key);
  return context;
}

TlsContext client_context(ApiServer const& server, Credentials credentials) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  context->set_verify_mode(ssl::verify_peer);
  context->add_certificate_authority(asio::buffer(server.authority));
  if (credentials == Credentials::Own && !server.certificate.empty())
    show(*context, server.certificate, server.key);
  return context;
}

void verify_address(TlsStream& stream, std::string const& host) {
  stream.set_verify_callback(ssl::host_name_verification{host});
}

void reset(Tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(Tcp::socket::linger{true, 0}, ignored);
  socket.close(ignored);
}

}  // namespace faults
