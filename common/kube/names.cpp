#include "common/kube/names.hpp"

#include "common/ascii.hpp"

#include <algorithm>
#include <ranges>

namespace kube {
namespace {

constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_subdomain = 253;

/// Whatever its length: within a subdomain only the whole is limited.
bool is_word(std::string_view text) {
  auto const fits = [](char letter) {
    return ('a' <= letter && letter <= 'z') || ascii::is_digit(letter) || letter == '-';
  };
  return !text.empty() && std::ranges::all_of(text, fits) && !text.starts_with('-') &&
         !text.ends_with('-');
}

}  // namespace

bool is_dns_label(std::string_view name) { return name.size() <= longest_label && is_word(name); }

bool is_dns_subdomain(std::string_view name) {
  if (name.empty() || name.size() > longest_subdomain) return false;
  return std::ranges::all_of(std::views::split(name, '.'), [](auto const& word) {
    return is_word(std::string_view{word.begin(), word.end()});
  });
}

}  // namespace kube
