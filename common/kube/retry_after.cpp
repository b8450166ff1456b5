#include "common/kube/retry_after.hpp"

#include "common/ascii.hpp"

#include <algorithm>

namespace kube {
namespace {

std::chrono::seconds seconds_of(std::string_view digits) {
  std::chrono::seconds sum{0};
  for (char const digit : digits)
    sum = std::min(sum * 10 + std::chrono::seconds{digit - '0'}, longest_retry_after);
  return sum;
}

}  // namespace

std::optional<std::chrono::seconds> retry_after(std::string_view header, Timestamp now) {
  header = ascii::trimmed(header);
  if (header.empty()) return std::nullopt;
  if (ascii::is_digits(header)) return seconds_of(header);
  auto const until = parse_http_date(header);
  if (!until) return std::nullopt;
  return std::clamp(std::chrono::ceil<std::chrono::seconds>(*until - now), std::chrono::seconds{0},
                    longest_retry_after);
}

}  // namespace kube
