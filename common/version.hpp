#pragma once
#include <string>
#include <string_view>

namespace version {

extern std::string_view const number;  ///< "0.1.0"
extern std::string_view const commit;  ///< of the source that was built; empty if not known

/// "valkey-operator 0.1.0 (1a2b3c4d5e6f)".
std::string line(std::string_view binary);

}  // namespace version
