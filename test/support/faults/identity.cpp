#include "test/support/faults/identity.hpp"

#include "test/support/certificates.hpp"

#include <atomic>
#include <string>

namespace faults {

/// Authorities differ in their names, so that a client who trusts several finds the right one.
ServerIdentity new_identity() {
  static std::atomic<int> made = 0;
  Authority const authority{"fault proxy " + std::to_string(++made)};
  auto const issued = authority.issue({"IP:127.0.0.1", "DNS:localhost"});
  return {authority.certificate(), issued.certificate, issued.key};
}

}  // namespace faults
