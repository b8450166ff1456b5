#pragma once
#include <algorithm>
#include <string>
#include <string_view>

/// Letters as protocols know them, whatever the locale says.
namespace ascii {

constexpr bool is_digit(char letter) { return '0' <= letter && letter <= '9'; }

constexpr char lower(char letter) {
  return 'A' <= letter && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

constexpr bool is_letter(char letter) { return 'a' <= lower(letter) && lower(letter) <= 'z'; }

/// What a header's word or a URL may hold at all: no blank and no control character
/// (VCHAR of RFC 5234).
constexpr bool is_visible(char letter) { return '!' <= letter && letter <= '~'; }

constexpr bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) { return is_visible(letter); });
}

constexpr bool is_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

inline std::string lower_case(std::string_view text) {
  std::string lowered{text};
  for (char& letter : lowered) letter = lower(letter);
  return lowered;
}

/// Without the blanks at both ends.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

}  // namespace ascii
