#pragma once
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace valkey {

/// The number that all of `text` is, as std::from_chars() reads it; nothing where it is none, or
/// none that fits.
template <class Number>
std::optional<Number> parsed(std::string_view text) {
  Number number{};
  auto const [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace valkey
