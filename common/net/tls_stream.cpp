#include "common/net/tls.hpp"
#include "common/net/transport.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace net {
namespace {

namespace ssl = asio::ssl;
using boost::system::error_code;

using Tcp = asio::ip::tcp::socket;

Tcp& socket_of(Tcp& socket) { return socket; }
template <class Lower>
Tcp& socket_of(ssl::stream<Lower>& stream) {
  return socket_of(stream.next_layer());
}

/// How a handshake fails when we do not believe the peer.
error_code not_verified() {
  return {static_cast<int>(ERR_PACK(ERR_LIB_SSL, 0, SSL_R_CERTIFICATE_VERIFY_FAILED)),
          asio::error::get_ssl_category()};
}

/// Whether the engine waits for bytes: it may have read what nobody has asked it for yet.
bool has_read_nothing(Tcp const&) { return true; }
template <class Lower>
bool has_read_nothing(ssl::stream<Lower>& stream) {
  char byte = 0;
  auto* const session = stream.native_handle();
  ERR_clear_error();  // SSL_get_error() would tell of another's
  auto const came = SSL_peek(session, &byte, 1);
  bool const waits = came <= 0 && SSL_get_error(session, came) == SSL_ERROR_WANT_READ;
  ERR_clear_error();
  return waits && has_read_nothing(stream.next_layer());
}

/// TLS over TCP, or over TLS to a proxy.
template <class Lower>
class Secured final : public Stream::Transport {
 public:
  Secured(Lower lower, std::shared_ptr<ssl::context> context)
      : context_{std::move(context)}, stream_{std::move(lower), *context_} {}

  /// Names whom the certificate has to name (RFC 6125), and asks for it by name (RFC 6066: never
  /// by address).
  Result<> expect(std::string const& server_name) {
    auto* const session = stream_.native_handle();
    error_code failure;
    auto const address = asio::ip::make_address(server_name, failure);
    if (!failure) {
      auto const text = address.to_string();
      if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), text.c_str()) == 1) return ok;
      return invalid("\"" + server_name + "\" is no address");
    }
    SSL_set_hostflags(session,
                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (!server_name.empty() && SSL_set1_host(session, server_name.c_str()) == 1 &&
        SSL_set_tlsext_host_name(session, server_name.c_str()) == 1)
      return ok;
    return invalid("\"" + server_name + "\" is no name of a server");
  }

  Task<> shake_hands(ssl::stream_base::handshake_type side) {
    error_code failure;
    co_await stream_.async_handshake(side, asio::redirect_error(asio::use_awaitable, failure));
    if (!failure) co_return ok;
    bool const is_refused = failure == not_verified();
    if (!is_refused) co_return Failure{from(failure)};
    auto const verdict = SSL_get_verify_result(stream_.native_handle());
    co_return transient(std::string{"the peer's certificate: "} +
                        X509_verify_cert_error_string(verdict));
  }

  /// An end without a goodbye is a failure: anybody on the way may have cut the rest away.
  Task<std::size_t> read_some(asio::mutable_buffer into) override {
    error_code failure;
    auto const count =
        co_await stream_.async_read_some(into, asio::redirect_error(asio::use_awaitable, failure));
    if (failure && failure != asio::error::eof) co_return Failure{from(failure)};
    co_return count;
  }

  Task<> write(asio::const_buffer bytes) override {
    error_code failure;
    co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, failure));
    if (failure) co_return Failure{from(failure)};
    co_return ok;
  }

  /// Pretends that the peer has said goodbye already, so as not to wait for that.
  Task<> say_goodbye() override {
    SSL_set_shutdown(stream_.native_handle(), SSL_RECEIVED_SHUTDOWN);
    error_code failure;
    co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, failure));
    if (!failure) socket().shutdown(Tcp::shutdown_send, failure);
    if (failure) co_return Failure{from(failure)};
    co_return ok;
  }

  std::string peer_fingerprint() override {
    auto* const certificate = SSL_get1_peer_certificate(stream_.native_handle());
    auto text = fingerprint_of(certificate);
    X509_free(certificate);
    return text;
  }

  bool is_quiet() override { return Transport::is_quiet() && has_read_nothing(stream_); }

  Tcp& socket() override { return socket_of(stream_); }
  ssl::stream<Lower> release() { return std::move(stream_); }

 private:
  std::shared_ptr<ssl::context> context_;
  ssl::stream<Lower> stream_;
};

template <class Lower>
Task<Stream> as_client(Lower lower, std::shared_ptr<ssl::context> context, std::string name) {
  auto transport = std::make_unique<Secured<Lower>>(std::move(lower), std::move(context));
  CO_TRY(transport->expect(name));
  CO_TRY(co_await transport->shake_hands(ssl::stream_base::client));
  co_return Stream{std::move(transport)};
}

}  // namespace

Task<Stream> secured(Stream lower, std::shared_ptr<TlsContext> context, std::string server_name) {
  using Tls = Secured<Tcp>;
  if (auto* const tls = dynamic_cast<Tls*>(lower.transport_.get()))
    co_return co_await as_client(tls->release(), context->current(), std::move(server_name));
  if (!lower.transport_) co_return transient("not connected");
  co_return co_await as_client(std::move(lower.transport_->socket()), context->current(),
                               std::move(server_name));
}

Task<Stream> secured_as_server(Stream lower, std::shared_ptr<TlsContext> context) {
  if (!lower.transport_) co_return transient("not connected");
  auto transport =
      std::make_unique<Secured<Tcp>>(std::move(lower.transport_->socket()), context->current());
  CO_TRY(co_await transport->shake_hands(ssl::stream_base::server));
  co_return Stream{std::move(transport)};
}

}  // namespace net
