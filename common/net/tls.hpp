#pragma once
#include "common/file.hpp"
#include "common/result.hpp"
#include "common/secret.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace net {

/// Certificates or a key in PEM, as they are, or in a file that is read again when it changes.
struct PemFile {
  std::string path;
  bool operator==(PemFile const&) const = default;
};
using Pem = std::variant<PemFile, Secret>;

/// A certificate with those that vouch for it, and its key.
struct Identity {
  Pem certificates;
  Pem key;
};

enum class TlsRole { Client, Server };
enum class PeerCheck { Required, None };
enum class TlsVersion { V1_2, V1_3 };

struct TlsSettings {
  TlsRole role = TlsRole::Client;
  PeerCheck peer = PeerCheck::Required;  ///< of a server: whether clients need a certificate
  std::optional<Pem> authorities;        ///< who may vouch for peers; the system's when empty
  std::optional<Identity> identity;      ///< who we are
  TlsVersion least = TlsVersion::V1_2;   ///< older ones are refused
};

/// The SHA-256 of the first of certificates in PEM, in hexadecimal. Invalid where there is none.
Result<std::string> fingerprint(Secret const& certificates);

/// When the first of certificates in PEM ends. Invalid where there is none.
Result<std::chrono::system_clock::time_point> expiry(Secret const& certificates);

/// Settings made ready for connections, and made anew when a mounted file changes. Belongs to one
/// thread.
class TlsContext {
 public:
  /// Invalid when something can't be read or used, NotFound for a file that is not there; names the
  /// file.
  static Result<std::shared_ptr<TlsContext>> create(TlsSettings settings);

  /// For the next connection. Looks whether files have changed; while what they say can't be used,
  /// such as a certificate without its key, the last good one stays.
  std::shared_ptr<boost::asio::ssl::context> current();

  /// Rises whenever current() changes: a connection made before that shows the old identity.
  std::uint64_t generation() const { return generation_; }

  /// Shows another identity from now on. Invalid, and as before, when it can't be used.
  Result<> use(Identity identity);

 private:
  explicit TlsContext(TlsSettings settings) : settings_{std::move(settings)} {}
  Result<> load();

  TlsSettings settings_;
  std::vector<FileStamp> tried_;  ///< the files when they were last read
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::uint64_t generation_ = 0;
};

}  // namespace net
