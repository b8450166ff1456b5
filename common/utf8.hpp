#pragma once
#include "common/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace utf8 {

/// `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string repaired(std::string_view text);

/// The longest beginning of `text` of at most so many bytes that is valid if the text is.
std::string_view shortened(std::string_view text, std::size_t most);

/// The same text in UTF-8: UTF-16 of either order is known by its byte order mark, without which
/// the text is given back as it is, valid or not. No mark remains.
Result<std::string> from_any_utf(std::string_view text);

}  // namespace utf8
