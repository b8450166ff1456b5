#include "common/net/tls.hpp"

#include "common/logging.hpp"
#include "common/metrics.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <fmt/core.h>
#include <openssl/ssl.h>

namespace net {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;

constexpr auto most_bytes = std::size_t{1} << 20;  // system-wide bundles have some 200 kB

std::string name_of(Pem const& pem) {
  auto const* const file = std::get_if<PemFile>(&pem);
  return file ? file->path : "given inline";
}

/// "CA certificates (/x/ca.crt): no start line".
Failure unusable(std::string_view what, Pem const& pem, std::string_view reason) {
  return invalid(fmt::format("{} ({}): {}", what, name_of(pem), reason));
}

Result<Secret> content_of(Pem const& pem) {
  if (auto const* const text = std::get_if<Secret>(&pem)) return *text;
  TRY(auto content, read_file(name_of(pem), most_bytes));
  return Secret{std::move(content)};
}

Result<Secret> text_of(std::string_view what, Pem const& pem) {
  TRY(auto text, content_of(pem));
  if (!text.reveal().contains("-----BEGIN ")) return unusable(what, pem, "holds no PEM");
  return text;
}

asio::const_buffer buffer(Secret const& text) { return asio::buffer(text.reveal()); }

Result<> trust(ssl::context& context, std::optional<Pem> const& authorities) {
  error_code failure;
  if (!authorities) {
    context.set_default_verify_paths(failure);
    if (failure) return invalid("the system's CA certificates: " + failure.message());
    return ok;
  }
  TRY(auto const text, text_of("CA certificates", *authorities));
  context.add_certificate_authority(buffer(text), failure);
  if (failure) return unusable("CA certificates", *authorities, failure.message());
  return ok;
}

/// By the two forms that PEM has for it (RFC 5958 and RFC 1421).
bool is_encrypted(std::string_view key) {
  return key.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || key.contains("4,ENCRYPTED");
}

Result<> show(ssl::context& context, Identity const& identity) {
  TRY(auto const certificates, text_of("certificate", identity.certificates));
  TRY(auto const key, text_of("private key", identity.key));
  error_code failure;
  context.use_certificate_chain(buffer(certificates), failure);
  if (failure) return unusable("certificate", identity.certificates, failure.message());
  if (is_encrypted(key.reveal()))
    return unusable("private key", identity.key, "is encrypted, and there is no password for it");
  context.use_private_key(buffer(key), ssl::context::pem, failure);
  if (failure) return unusable("private key", identity.key, failure.message());
  return ok;
}

ssl::verify_mode verify_mode(TlsSettings const& settings) {
  if (settings.peer == PeerCheck::None) return ssl::verify_none;
  return settings.role == TlsRole::Client ? ssl::verify_peer
                                          : ssl::verify_peer | ssl::verify_fail_if_no_peer_cert;
}

/// Of TLS 1.2 only what TLS 1.3 has too: forward secrecy and authenticated encryption.
constexpr auto const* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// An authority of ours counts though it was signed by another, as for Go's programs.
void trust_intermediates(SSL_CTX* context) {
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
}

/// Each connection proves anew who its ends are, so that it is the context of now that decides.
void forbid_resumption(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_num_tickets(context, 0);
}

Result<std::shared_ptr<ssl::context>> made_of(TlsSettings const& settings) {
  auto const method =
      settings.role == TlsRole::Client ? ssl::context::tls_client : ssl::context::tls_server;
  auto context = std::make_shared<ssl::context>(method);
  auto* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(
      native, settings.least == TlsVersion::V1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native, ciphers);
  trust_intermediates(native);
  forbid_resumption(native);
  error_code failure;
  // Without this OpenSSL would ask for an encrypted key's password on the terminal.
  context->set_password_callback([](std::size_t, auto) { return std::string{}; }, failure);
  context->set_verify_mode(verify_mode(settings), failure);
  if (failure) return permanent("TLS settings: " + failure.message());
  if (settings.peer == PeerCheck::Required) TRY(trust(*context, settings.authorities));
  if (settings.identity) TRY(show(*context, *settings.identity));
  return context;
}

std::vector<FileStamp> stamps(TlsSettings const& settings) {
  std::vector<FileStamp> found;
  auto const look_at = [&](Pem const& pem) {
    auto const* const file = std::get_if<PemFile>(&pem);
    if (file) found.push_back(stamp_of(file->path).value_or(FileStamp{}));
  };
  if (settings.authorities) look_at(*settings.authorities);
  if (settings.identity) look_at(settings.identity->certificates);
  if (settings.identity) look_at(settings.identity->key);
  return found;
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::create(TlsSettings settings) {
  std::shared_ptr<TlsContext> created{new TlsContext{std::move(settings)}};
  TRY(created->load());
  return created;
}

std::shared_ptr<ssl::context> TlsContext::current() {
  if (stamps(settings_) == tried_) return context_;
  if (auto const loaded = load(); loaded) {
    metrics::certificate_read();
    logging::info("TLS files read again");
  } else {
    metrics::certificate_not_read();
    logging::warning("changed TLS files not used", {{"message", loaded.error().message}});
  }
  return context_;
}

Result<> TlsContext::use(Identity identity) {
  auto before = std::exchange(settings_.identity, std::move(identity));
  auto loaded = load();
  if (!loaded) settings_.identity = std::move(before);
  return loaded;
}

Result<> TlsContext::load() {
  tried_ = stamps(settings_);  // before reading: a change in between shows next time
  TRY(auto made, made_of(settings_));
  context_ = std::move(made);
  ++generation_;
  return ok;
}

}  // namespace net
