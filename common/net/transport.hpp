#pragma once
#include "common/net/stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>

struct x509_st;  // OpenSSL's X509

namespace net {

/// What a Stream is made of; for the files of this folder that make one.
struct Stream::Transport {
  Transport() = default;
  Transport(Transport const&) = delete;
  Transport& operator=(Transport const&) = delete;
  virtual ~Transport() = default;

  virtual Task<std::size_t> read_some(asio::mutable_buffer into) = 0;
  virtual Task<> write(asio::const_buffer bytes) = 0;
  virtual Task<> say_goodbye() = 0;
  virtual bool is_quiet();
  virtual asio::ip::tcp::socket& socket() = 0;
  virtual std::string peer_fingerprint() { return {}; }
};

/// As Stream tells it; empty for none.
std::string fingerprint_of(x509_st* certificate);

/// Over a socket that is connected.
Stream plain(asio::ip::tcp::socket socket);

}  // namespace net
