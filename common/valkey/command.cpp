#include "common/valkey/resp.hpp"

#include <fmt/format.h>
#include <iterator>

namespace valkey {

Command::Command(std::initializer_list<std::string_view> words)
    : Command{std::span{words.begin(), words.size()}} {}

Command::Command(std::span<std::string_view const> words) {
  std::size_t whole = fmt::formatted_size("*{}\r\n", words.size());
  for (auto const word : words)
    whole += fmt::formatted_size("${}\r\n\r\n", word.size()) + word.size();
  bytes_.reserve(whole);  // moved about, a password would stay behind
  fmt::format_to(std::back_inserter(bytes_), "*{}\r\n", words.size());
  for (auto const word : words) {
    fmt::format_to(std::back_inserter(bytes_), "${}\r\n", word.size());
    bytes_.insert(bytes_.end(), word.begin(), word.end());
    fmt::format_to(std::back_inserter(bytes_), "\r\n");
  }
}

}  // namespace valkey
