#include "common/crd/acl_words.hpp"

#include "common/ascii.hpp"
#include "common/crd/known_directives.hpp"

#include <algorithm>
#include <array>

namespace crd {
namespace {

constexpr auto categories = std::to_array<std::string_view>(
    {"admin",  "all",    "bitmap",      "blocking", "connection",  "dangerous",
     "fast",   "geo",    "hash",        "keyspace", "hyperloglog", "list",
     "pubsub", "read",   "scripting",   "set",      "slow",        "sortedset",
     "stream", "string", "transaction", "write"});

constexpr auto whole_words = std::to_array<std::string_view>(
    {"on", "off", "nopass", "resetpass", "reset", "allkeys", "resetkeys", "allchannels",
     "resetchannels", "allcommands", "nocommands", "alldbs", "resetdbs", "clearselectors",
     "sanitize-payload", "skip-sanitize-payload"});

bool is_hash(std::string_view text) {
  constexpr std::size_t digits = 64;
  return text.size() == digits && std::ranges::all_of(text, [](char letter) {
           return ascii::is_digit(letter) || ('a' <= letter && letter <= 'f');
         });
}

std::string hint(std::string_view similar, std::string_view prefix = "") {
  if (similar.empty()) return "";
  return ": did you mean " + std::string{prefix} + std::string{similar} + "?";
}

/// Modules may have categories of their own, so that only what looks like one of ours is wrong.
std::optional<std::string> complaint_of_category(std::string_view sign, std::string_view name) {
  auto const lowered = ascii::lower_case(name);
  if (name.empty()) return "names no category";
  if (std::ranges::find(categories, lowered) != categories.end()) return std::nullopt;
  auto const similar = similar_word(lowered, categories);
  if (similar.empty()) return std::nullopt;
  return "is no category of commands" + hint(similar, std::string{sign} + "@");
}

bool has_pattern_of_keys(std::string_view word) {
  if (word.starts_with('~')) return true;
  auto const mark = word.find('~');
  if (!word.starts_with('%') || mark == std::string_view::npos || mark < 2) return false;
  auto const rights = ascii::lower_case(word.substr(1, mark - 1));
  return rights.find_first_not_of("rw") == std::string::npos;
}

}  // namespace

std::optional<std::string> complaint_of_command(std::string_view word) {
  auto const lowered = ascii::lower_case(word);
  if (lowered == "allcommands" || lowered == "nocommands") return std::nullopt;
  if (!word.starts_with('+') && !word.starts_with('-'))
    return "begins with neither + nor -: write +" + std::string{word} + " to allow it";
  auto const sign = word.substr(0, 1);
  auto const name = word.substr(1);
  if (name.starts_with('@')) return complaint_of_category(sign, name.substr(1));
  if (name.empty()) return "names no command";
  bool const is_name = std::ranges::all_of(name, [](char letter) {
    return ascii::is_letter(letter) || ascii::is_digit(letter) ||
           std::string_view{"-_.|"}.contains(letter);
  });
  if (!is_name || name.starts_with('|') || name.ends_with('|'))
    return "is no command: write +get, or +config|get for one of its subcommands";
  return std::nullopt;
}

std::optional<std::string> complaint_of_rule(std::string_view word) {
  auto const lowered = ascii::lower_case(word);
  if (word.starts_with('+') || word.starts_with('-')) return complaint_of_command(word);
  if (std::ranges::find(whole_words, lowered) != whole_words.end()) return std::nullopt;
  if (word.starts_with('#') || word.starts_with('!')) {
    if (is_hash(word.substr(1))) return std::nullopt;
    return "is no SHA-256 in 64 hexadecimal digits of lower case";
  }
  bool const has_sign = word.starts_with('>') || word.starts_with('<') || word.starts_with('&') ||
                        lowered.starts_with("db=") || has_pattern_of_keys(word);
  if (has_sign) return std::nullopt;
  if (word.starts_with('(') && word.ends_with(')')) return std::nullopt;
  return "is no rule of ACL SETUSER" + hint(similar_word(lowered, whole_words));
}

bool is_password(std::string_view rule) {
  return rule.starts_with('>') || rule.starts_with('<') || rule.starts_with('#') ||
         rule.starts_with('!');
}

}  // namespace crd
