#include "common/kube/duration.hpp"

#include "common/ascii.hpp"
#include "common/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace kube {
namespace {

constexpr std::uint64_t limit = std::uint64_t{1} << 63;
constexpr std::uint64_t microsecond = 1'000;
constexpr std::uint64_t millisecond = 1'000'000;
constexpr std::uint64_t second = 1'000'000'000;

struct Unit {
  std::string_view text;
  std::uint64_t nanoseconds;
};
constexpr auto units = std::to_array<Unit>({{"ns", 1},
                                            {"us", microsecond},
                                            {"\u00B5s", microsecond},  // the micro sign
                                            {"\u03BCs", microsecond},  // the Greek letter
                                            {"ms", millisecond},
                                            {"s", second},
                                            {"m", 60 * second},
                                            {"h", 3600 * second}});

/// Takes the digits that `rest` begins with.
std::string_view take_digits(std::string_view& rest) {
  auto const taken = rest.substr(0, rest.find_first_not_of("0123456789"));
  rest.remove_prefix(taken.size());
  return taken;
}

std::optional<std::uint64_t> whole(std::string_view digits) {
  std::uint64_t value = 0;
  for (char const digit : digits) {
    if (value > limit / 10) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    if (value > limit) return std::nullopt;
  }
  return value;
}

/// Digits behind the point, as a part of `unit`; those beyond 63 bits do not count, as in Go.
std::uint64_t part(std::string_view digits, std::uint64_t unit) {
  std::uint64_t value = 0;
  double scale = 1;
  for (char const digit : digits) {
    if (value > (limit - 1) / 10) break;
    auto const next = value * 10 + static_cast<std::uint64_t>(digit - '0');
    if (next > limit) break;
    value = next;
    scale *= 10;
  }
  return static_cast<std::uint64_t>(static_cast<double>(value) *
                                    (static_cast<double>(unit) / scale));
}

/// Takes one number with its unit: "1.5h".
std::optional<std::uint64_t> take_term(std::string_view& rest) {
  auto const before = take_digits(rest);
  std::string_view behind;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    behind = take_digits(rest);
  }
  auto const* const length = std::ranges::find_if(
      rest, [](char letter) { return letter == '.' || ascii::is_digit(letter); });
  auto const name = std::string_view{rest.begin(), length};
  rest.remove_prefix(name.size());
  auto const* const unit = std::ranges::find(units, name, &Unit::text);
  auto const count = whole(before);
  if ((before.empty() && behind.empty()) || unit == units.end() || !count) return std::nullopt;
  if (*count > limit / unit->nanoseconds) return std::nullopt;
  auto const sum = *count * unit->nanoseconds + part(behind, unit->nanoseconds);
  return sum > limit ? std::nullopt : std::optional{sum};
}

/// What follows the sign.
std::optional<std::uint64_t> magnitude(std::string_view text) {
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  std::uint64_t sum = 0;
  while (!text.empty()) {
    auto const term = take_term(text);
    if (!term || sum + *term > limit) return std::nullopt;
    sum += *term;
  }
  return sum;
}

/// value / 10^places without trailing zeros.
std::string decimal(std::uint64_t value, std::size_t places) {
  auto digits = std::to_string(value);
  digits.insert(0, places + 1 - std::min(places + 1, digits.size()), '0');
  digits.insert(digits.size() - places, ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits;
}

std::string format_magnitude(std::uint64_t duration) {
  if (duration == 0) return "0s";
  if (duration < microsecond) return decimal(duration, 0) + "ns";
  if (duration < millisecond) return decimal(duration, 3) + "\u00B5s";
  if (duration < second) return decimal(duration, 6) + "ms";
  auto const minutes = duration / (60 * second);
  auto text = decimal(duration % (60 * second), 9) + "s";
  if (minutes > 0) text.insert(0, std::to_string(minutes % 60) + "m");
  if (minutes >= 60) text.insert(0, std::to_string(minutes / 60) + "h");
  return text;
}

}  // namespace

Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  constexpr std::size_t shown = 64;
  auto rest = text;
  bool const negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  auto const value = magnitude(rest);
  if (!value || (!negative && *value == limit))
    return invalid("\"" + utf8::repaired(text.substr(0, shown)) +
                   "\" is no duration: expected numbers with units such as \"1h30m\", \"1.5s\" or "
                   "\"100ms\", of at most 292 years");
  auto const bits = negative ? 0 - *value : *value;
  return std::chrono::nanoseconds{static_cast<std::int64_t>(bits)};
}

std::string format_duration(std::chrono::nanoseconds duration) {
  auto const bits = static_cast<std::uint64_t>(duration.count());
  return duration.count() < 0 ? "-" + format_magnitude(0 - bits) : format_magnitude(bits);
}

}  // namespace kube
