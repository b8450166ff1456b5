#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace base64 {

/// RFC 4648 with its usual alphabet and padding.
std::string encoded(std::string_view bytes);

/// Line ends are skipped, as Go does; all else that encoded() would not write is refused.
std::optional<std::string> decoded(std::string_view text);

}  // namespace base64
