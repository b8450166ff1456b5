#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace valkey {

/// The longest text of a server that goes into a message, in bytes.
inline constexpr std::size_t longest_shown_text = 256;

/// What a server says, fit for messages and logs: visible ASCII and spaces as they are, all else
/// and "\" as "\xNN"; of what would be too long, the beginning and "...".
std::string printable(std::string_view text);

}  // namespace valkey
