#include "common/utf8.hpp"

#include <algorithm>
#include <cstdint>

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

void append(std::uint32_t point, std::string& text) {
  auto const tail = [&](unsigned shift) {
    text += static_cast<char>(0x80U | ((point >> shift) & 0x3FU));
  };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xC0U | (point >> 6U));
    tail(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xE0U | (point >> 12U));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0U | (point >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// `high` is the place of a unit's more significant byte, 0 or 1.
Result<std::string> from_utf16(std::string_view text, std::size_t high) {
  if (text.size() % 2 != 0) return invalid("UTF-16 of an odd number of bytes");
  auto const unit = [&](std::size_t at) -> std::uint32_t {
    return static_cast<unsigned char>(text[at + high]) * 0x100U +
           static_cast<unsigned char>(text[at + 1 - high]);
  };
  std::string converted;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    auto point = unit(at);
    if (point >= 0xD800 && point < 0xE000) {
      at += 2;
      bool const is_pair = point < 0xDC00 && at < text.size() && (unit(at) & 0xFC00U) == 0xDC00;
      if (!is_pair) return invalid("not valid UTF-16");
      point = 0x10000 + ((point & 0x3FFU) << 10U) + (unit(at) & 0x3FFU);
    }
    append(point, converted);
  }
  return converted;
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

std::string_view shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && continues(text[most])) --most;
  return text.substr(0, most);
}

Result<std::string> from_any_utf(std::string_view text) {
  if (text.starts_with("\xFF\xFE")) return from_utf16(text.substr(2), 1);
  if (text.starts_with("\xFE\xFF")) return from_utf16(text.substr(2), 0);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return std::string{text};
}

}  // namespace utf8
