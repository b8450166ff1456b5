#pragma once
#include "test/support/api_server.hpp"
#include "test/support/faults/identity.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>

/// Only for .cpp files: it costs seconds.
namespace faults {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using Tcp = asio::ip::tcp;
using TlsStream = ssl::stream<Tcp::socket>;
using TlsContext = std::shared_ptr<ssl::context>;

TlsContext server_context(ServerIdentity const& identity);

enum class Credentials { Own, None };

/// For a client of `server` that shows, or does not show, the certificate that it has for it.
TlsContext client_context(ApiServer const& server, Credentials credentials);

/// Has the client check that the certificate is for the host's address.
void verify_address(TlsStream& stream, std::string const& host);

/// Closes so that the peer's next read or write fails with "connection reset".
void reset(Tcp::socket& socket);

}  // namespace faults
