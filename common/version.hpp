#pragma once
#include <string>
#include <string_view>

namespace version {

extern std::string_view const number;  ///< "0.1.0"
extern std::string_view const commit;  ///< of the source that was built; empty if not known

/// "valkey-operator 0.1.0 (1a2b3c4d5e6f)".
std::string line(std::string_view binary);

/// "valkey-operator/0.1.0 (linux/amd64) kubernetes/1a2b3c4d5e6f": what an API server's audit log
/// names a client by, in the form of client-go's DefaultKubernetesUserAgent.
std::string user_agent(std::string_view binary);

}  // namespace version
