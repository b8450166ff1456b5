#include "common/base64.hpp"

#include <cstdint>

namespace base64 {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string encoded(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    auto const group = bytes.substr(0, 3);
    bytes.remove_prefix(group.size());
    std::uint32_t bits = 0;
    for (std::size_t at = 0; at < 3; ++at)
      bits = bits << 8U | (at < group.size() ? static_cast<unsigned char>(group[at]) : 0U);
    for (std::size_t at = 0; at < 4; ++at)
      text += at > group.size() ? '=' : alphabet[(bits >> (18 - 6 * at)) & 0x3FU];
  }
  return text;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  std::size_t letters = 0;
  std::size_t padding = 0;
  for (char const letter : text) {
    if (letter == '\n' || letter == '\r') continue;
    auto const value = letter == '=' ? 0 : alphabet.find(letter);
    if (value == std::string_view::npos || (padding > 0 && letter != '=')) return std::nullopt;
    padding += letter == '=' ? 1 : 0;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    if (++letters % 4 != 0) continue;
    if (padding > 2 || (bits & ((1U << (8 * padding)) - 1)) != 0) return std::nullopt;
    for (std::size_t at = 0; at < 3 - padding; ++at)
      bytes += static_cast<char>((bits >> (16 - 8 * at)) & 0xFFU);
    bits = 0;
  }
  if (letters % 4 != 0) return std::nullopt;
  return bytes;
}

}  // namespace base64
