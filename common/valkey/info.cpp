#include "common/valkey/info.hpp"

#include "common/ascii.hpp"
#include "common/valkey/number.hpp"
#include "common/valkey/printable.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace valkey {
namespace {

/// INFO everything has 12 kB.
constexpr std::size_t longest_info = std::size_t{1} << 20;

Failure is_not(std::string_view kind, std::string_view name, std::string_view value) {
  return transient(fmt::format("{} is no {}: \"{}\"", name, kind, printable(value)));
}

}  // namespace

Result<Facts> Facts::parse(std::string_view text) {
  if (text.size() > longest_info) return transient("what the server says of itself is too long");
  Facts facts;
  while (!text.empty()) {
    auto const line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    auto const content = ascii::trimmed(line, "\r");
    if (content.empty() || content.starts_with('#')) continue;
    auto const colon = content.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return transient("what the server says of itself has the line \"" + printable(content) +
                       "\"");
    facts.values_.emplace(content.substr(0, colon), content.substr(colon + 1));
  }
  return facts;
}

std::optional<std::string_view> Facts::find(std::string_view name) const {
  auto const found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

Result<std::string_view> Facts::text(std::string_view name) const {
  auto const value = find(name);
  if (!value) return not_found(fmt::format("the server does not tell {}", name));
  return *value;
}

Result<std::int64_t> Facts::integer(std::string_view name) const {
  TRY(auto const value, text(name));
  auto const number = parsed<std::int64_t>(value);
  if (!number) return is_not("integer", name, value);
  return *number;
}

Result<double> Facts::number(std::string_view name) const {
  TRY(auto const value, text(name));
  bool const is_plain = value.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  auto const number = is_plain ? parsed<double>(value) : std::nullopt;
  if (!number) return is_not("number", name, value);
  return *number;
}

Result<ServerVersion> ServerVersion::parse(std::string_view text) {
  std::array<std::uint32_t, 3> parts{};
  auto rest = text;
  for (std::size_t index = 0; index < parts.size(); ++index) {
    bool const is_last = index + 1 == parts.size();
    auto const end = is_last ? rest.size() : rest.find('.');
    auto const digits = rest.substr(0, end);
    auto const number = ascii::is_digits(digits) ? parsed<std::uint32_t>(digits) : std::nullopt;
    if (!number || end == std::string_view::npos)
      return invalid(fmt::format("\"{}\" is no version, such as 9.1.2", printable(text)));
    parts[index] = *number;
    rest.remove_prefix(is_last ? end : end + 1);
  }
  return ServerVersion{.major = parts[0], .minor = parts[1], .patch = parts[2]};
}

std::string ServerVersion::text() const { return fmt::format("{}.{}.{}", major, minor, patch); }

Result<ServerVersion> version_of(Facts const& server) {
  constexpr std::string_view name = "valkey_version";
  TRY(auto const value, server.text(name));
  auto version = ServerVersion::parse(value);
  if (!version) return is_not("version", name, value);
  return version;
}

}  // namespace valkey
