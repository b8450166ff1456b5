#include "common/utf8.hpp"

#include <algorithm>

namespace utf8 {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// What the first two bytes say about the length; overlong forms, surrogates and what lies
/// beyond U+10FFFF show in the second byte (Unicode, table 3-7). 0 where nothing valid begins.
std::size_t promised_length(std::string_view text) {
  auto const first = static_cast<unsigned char>(text[0]);
  auto const second = static_cast<unsigned char>(text.size() > 1 ? text[1] : '\0');
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return 2;
  if (first < 0xF0) {
    if (first == 0xE0 && second < 0xA0) return 0;
    if (first == 0xED && second > 0x9F) return 0;
    return 3;
  }
  if (first == 0xF0 && second < 0x90) return 0;
  if (first == 0xF4 && second > 0x8F) return 0;
  return first < 0xF5 ? 4 : 0;
}

/// The length of the valid sequence that `text` begins with, or 0.
std::size_t sequence_length(std::string_view text) {
  auto const length = promised_length(text);
  if (length == 0 || length > text.size()) return 0;
  return std::ranges::all_of(text.substr(1, length - 1), continues) ? length : 0;
}

}  // namespace

std::string repaired(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    auto const length = sequence_length(text);
    valid += length == 0 ? "\uFFFD" : text.substr(0, length);
    text.remove_prefix(std::max(length, std::size_t{1}));
  }
  return valid;
}

}  // namespace utf8
