#include "common/kube/retry_after.hpp"

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
  header.remove_prefix(std::min(header.find_first_not_of(" \t"), header.size()));
  header = header.substr(0, header.find_last_not_of(" \t") + 1);
  if (header.empty()) return std::nullopt;
  if (header.find_first_not_of("0123456789") == std::string_view::npos) return seconds_of(header);
  auto const until = parse_http_date(header);
  if (!until) return std::nullopt;
  return std::clamp(std::chrono::ceil<std::chrono::seconds>(*until - now), std::chrono::seconds{0},
                    longest_retry_after);
}

}  // namespace kube
