#pragma once
#include <string>
#include <string_view>

namespace utf8 {

/// `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string repaired(std::string_view text);

}  // namespace utf8
