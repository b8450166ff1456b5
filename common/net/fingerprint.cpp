#include "common/digest.hpp"
#include "common/net/tls.hpp"
#include "common/net/transport.hpp"

#include <algorithm>
#include <ctime>
#include <memory>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace net {
namespace {

struct Freed {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};
template <class T>
using Owned = std::unique_ptr<T, Freed>;

constexpr auto const* no_certificate = "there is no certificate in it";

Owned<X509> first_of(Secret const& certificates) {
  auto const text = certificates.reveal();
  Owned<BIO> const source{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  Owned<X509> first{source ? PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr) : nullptr};
  ERR_clear_error();
  return first;
}

}  // namespace

std::string fingerprint_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  auto const size = certificate ? i2d_X509(certificate, &bytes) : 0;
  Owned<unsigned char> const kept{bytes};
  if (size <= 0) return "";
  std::string der(static_cast<std::size_t>(size), '\0');
  std::copy_n(kept.get(), der.size(), der.begin());
  return sha256(der);
}

Result<std::string> fingerprint(Secret const& certificates) {
  auto read = fingerprint_of(first_of(certificates).get());
  if (read.empty()) return invalid(no_certificate);
  return read;
}

Result<std::chrono::system_clock::time_point> expiry(Secret const& certificates) {
  auto const first = first_of(certificates);
  std::tm time{};
  if (!first || ASN1_TIME_to_tm(X509_get0_notAfter(first.get()), &time) != 1)
    return invalid(no_certificate);
  return std::chrono::system_clock::from_time_t(timegm(&time));
}

}  // namespace net
