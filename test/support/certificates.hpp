#pragma once
#include <memory>
#include <string>
#include <vector>

/// A certificate and its key, in PEM.
struct Issued {
  std::string certificate;
  std::string key;
};

enum class Validity { Current, Expired };

/// A certificate authority that lives as long as a test.
class Authority {
 public:
  /// Vouched for by itself, or by `parent`.
  explicit Authority(std::string const& name = "test authority", Authority const* parent = nullptr);

  /// Its own certificate, in PEM.
  std::string const& certificate() const { return certificate_; }

  /// For these subject alternative names, as OpenSSL writes them: "DNS:localhost", "IP:127.0.0.1".
  /// The first, written so, is its CN, too.
  Issued issue(std::vector<std::string> const& names, Validity validity = Validity::Current) const;

 private:
  std::shared_ptr<void> key_;
  std::string name_;
  std::string certificate_;
};

/// A key in PEM, which can be read with the password alone.
std::string encrypted(std::string const& key, std::string const& password);
