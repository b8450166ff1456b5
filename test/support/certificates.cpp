#include "test/support/certificates.hpp"

#include <fmt/ranges.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

/// Throws rather than to fail a test, as there may be none: the proxy is a program, too.
void must(bool worked) {
  if (!worked) throw std::runtime_error{"OpenSSL could not make a certificate"};
}

Key new_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

std::string written(auto write) {
  std::unique_ptr<BIO, decltype(&BIO_free)> const memory{BIO_new(BIO_s_mem()), BIO_free};
  must(write(memory.get()) == 1);
  char* text = nullptr;
  auto const length = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

std::string pem(Certificate const& certificate) {
  return written([&](BIO* to) { return PEM_write_bio_X509(to, certificate.get()); });
}

std::string pem(Key const& key) {
  return written([&](BIO* to) {
    return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

void name(X509_NAME* target, std::string const& text) {
  auto const* const bytes = reinterpret_cast<unsigned char const*>(text.c_str());
  must(X509_NAME_add_entry_by_txt(target, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1);
}

void extend(Certificate const& certificate, int extension, std::string const& value) {
  std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> const made{
      X509V3_EXT_conf_nid(nullptr, nullptr, extension, value.c_str()), X509_EXTENSION_free};
  must(made != nullptr);
  must(X509_add_ext(certificate.get(), made.get(), -1) == 1);
}

/// Without a signature yet.
Certificate blank(std::string const& subject, std::string const& issuer, Key const& key) {
  Certificate certificate{X509_new(), X509_free};
  must(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  std::uint64_t serial = 0;
  must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1U);
  name(X509_get_subject_name(certificate.get()), subject);
  name(X509_get_issuer_name(certificate.get()), issuer);
  must(X509_set_pubkey(certificate.get(), key.get()) == 1);
  return certificate;
}

constexpr long day = 24L * 60 * 60;

void valid(Certificate const& certificate, Validity validity) {
  bool const current = validity == Validity::Current;
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), current ? -day : -2 * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), current ? day : -day);
}

void sign(Certificate const& certificate, EVP_PKEY* key) {
  must(X509_sign(certificate.get(), key, EVP_sha256()) > 0);
}

}  // namespace

Authority::Authority(std::string const& name, Authority const* parent) : name_{name} {
  auto const key = new_key();
  auto const certificate = blank(name, parent == nullptr ? name : parent->name_, key);
  valid(certificate, Validity::Current);
  extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
  extend(certificate, NID_key_usage, "critical,keyCertSign");
  sign(certificate, parent == nullptr ? key.get() : static_cast<EVP_PKEY*>(parent->key_.get()));
  key_ = key;
  certificate_ = pem(certificate);
}

Issued Authority::issue(std::vector<std::string> const& names, Validity validity) const {
  auto const key = new_key();
  auto const certificate = blank(names.front(), name_, key);
  valid(certificate, validity);
  extend(certificate, NID_subject_alt_name, fmt::format("{}", fmt::join(names, ",")));
  sign(certificate, static_cast<EVP_PKEY*>(key_.get()));
  return {pem(certificate), pem(key)};
}

std::string encrypted(std::string const& key, std::string const& password) {
  std::unique_ptr<BIO, decltype(&BIO_free)> const memory{
      BIO_new_mem_buf(key.data(), static_cast<int>(key.size())), BIO_free};
  Key const read{PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
  must(read != nullptr);
  return written([&](BIO* to) {
    return PEM_write_bio_PKCS8PrivateKey(to, read.get(), EVP_aes_256_cbc(), password.data(),
                                         static_cast<int>(password.size()), nullptr, nullptr);
  });
}
