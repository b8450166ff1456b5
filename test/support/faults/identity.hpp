#pragma once
#include <string>

namespace faults {

/// What a TLS server at 127.0.0.1 shows, and the authority that its clients have to trust for it.
/// All of it is PEM.
struct ServerIdentity {
  std::string authority;
  std::string certificate;
  std::string key;
};

/// Made afresh, with an authority of its own.
ServerIdentity new_identity();

}  // namespace faults
