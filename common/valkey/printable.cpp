#include "common/valkey/printable.hpp"

#include "common/ascii.hpp"

namespace valkey {
namespace {

constexpr std::string_view left_out = "...";

std::string escaped(char letter) {
  constexpr std::string_view digits = "0123456789abcdef";
  auto const byte = static_cast<unsigned char>(letter);
  return {'\\', 'x', digits[byte / 16], digits[byte % 16]};
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  std::size_t fits = 0;  // of what is shown, beside what says that something was left out
  for (char const letter : text) {
    bool const is_plain = letter == ' ' || (ascii::is_visible(letter) && letter != '\\');
    shown += is_plain ? std::string(1, letter) : escaped(letter);
    if (shown.size() > longest_shown_text) return shown.substr(0, fits).append(left_out);
    if (shown.size() + left_out.size() <= longest_shown_text) fits = shown.size();
  }
  return shown;
}

}  // namespace valkey
