#include "common/kube/quantity.hpp"

#include "common/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

namespace kube {
namespace {

constexpr std::string_view digits = "0123456789";

/// 2^doublings * 10^exponent
struct Factor {
  int doublings;
  std::int64_t exponent;
};

struct Suffix {
  std::string_view text;
  Factor factor;
};

constexpr auto suffixes = std::to_array<Suffix>({{"", {0, 0}},
                                                 {"n", {0, -9}},
                                                 {"u", {0, -6}},
                                                 {"m", {0, -3}},
                                                 {"k", {0, 3}},
                                                 {"M", {0, 6}},
                                                 {"G", {0, 9}},
                                                 {"T", {0, 12}},
                                                 {"P", {0, 15}},
                                                 {"E", {0, 18}},
                                                 {"Ki", {10, 0}},
                                                 {"Mi", {20, 0}},
                                                 {"Gi", {30, 0}},
                                                 {"Ti", {40, 0}},
                                                 {"Pi", {50, 0}},
                                                 {"Ei", {60, 0}}});

/// "e3", "E-3"; exponents of more than 32 bits are refused.
std::optional<Factor> decimal_exponent(std::string_view suffix) {
  if (!suffix.starts_with('e') && !suffix.starts_with('E')) return std::nullopt;
  suffix.remove_prefix(1);
  if (suffix.starts_with('+') && !suffix.starts_with("+-")) suffix.remove_prefix(1);
  std::int32_t exponent = 0;
  auto const* const end = std::to_address(suffix.end());
  auto const [stop, failure] = std::from_chars(std::to_address(suffix.begin()), end, exponent);
  if (failure != std::errc{} || stop != end) return std::nullopt;
  return Factor{.doublings = 0, .exponent = exponent};
}

std::optional<Factor> factor_of(std::string_view suffix) {
  auto const* const known = std::ranges::find(suffixes, suffix, &Suffix::text);
  return known != suffixes.end() ? std::optional{known->factor} : decimal_exponent(suffix);
}

/// The whole number that `digits` are, times 2^doublings.
std::string doubled(std::string number, int doublings) {
  for (; doublings > 0; --doublings) {
    int carry = 0;
    for (auto digit = number.rbegin(); digit != number.rend(); ++digit) {
      int const twice = 2 * (*digit - '0') + carry;
      *digit = static_cast<char>('0' + twice % 10);
      carry = twice / 10;
    }
    if (carry) number.insert(number.begin(), '1');
  }
  return number;
}

/// number * 10^exponent, fractions rounded up; nothing if it does not fit.
std::optional<std::uint64_t> scaled(std::string_view number, std::int64_t exponent) {
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  if (number.empty()) return 0;
  auto const length = static_cast<std::int64_t>(number.size()) + exponent;
  if (length > std::numeric_limits<std::uint64_t>::digits10) return std::nullopt;
  auto const kept = static_cast<std::size_t>(std::max(length, std::int64_t{0}));
  auto const rest = number.substr(std::min(kept, number.size()));
  std::uint64_t whole = 0;
  for (std::size_t at = 0; at < kept; ++at)
    whole = whole * 10 + static_cast<std::uint64_t>(at < number.size() ? number[at] - '0' : 0);
  return whole + (rest.find_first_not_of('0') == std::string_view::npos ? 0 : 1);
}

Failure refused(std::string_view quantity, std::string_view why) {
  constexpr std::size_t shown = 64;
  auto const* const cut = quantity.size() > shown ? "…" : "";
  return invalid("\"" + utf8::repaired(quantity.substr(0, shown)) + cut + "\" " + std::string{why});
}

Result<std::int64_t> in_units_of(int unit_exponent, std::string_view quantity) {
  constexpr auto rule =
      "is no quantity: expected digits, a point and a suffix such as m, k, M, G, Ki, Mi, Gi or e3";
  auto rest = quantity;
  bool const negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  auto const take_digits = [&rest] {
    auto const taken = rest.substr(0, rest.find_first_not_of(digits));
    rest.remove_prefix(taken.size());
    return taken;
  };
  std::string number{take_digits()};
  std::string_view fraction;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    fraction = take_digits();
    number += fraction;
  }
  auto const factor = factor_of(rest);
  if (number.empty() || !factor) return refused(quantity, rule);
  auto const exponent =
      factor->exponent + unit_exponent - static_cast<std::int64_t>(fraction.size());
  auto const magnitude = scaled(doubled(std::move(number), factor->doublings), exponent);
  if (!magnitude || *magnitude > std::numeric_limits<std::int64_t>::max())
    return refused(quantity, "is beyond what 64 bits hold");
  auto const value = static_cast<std::int64_t>(*magnitude);
  return negative ? -value : value;
}

}  // namespace

Result<std::int64_t> whole_units(std::string_view quantity) { return in_units_of(0, quantity); }

Result<std::int64_t> thousandths(std::string_view quantity) { return in_units_of(3, quantity); }

}  // namespace kube
