#include "common/crd/memory.hpp"

#include "common/ascii.hpp"
#include "common/kube/quantity.hpp"

#include <charconv>
#include <limits>

namespace crd {
namespace {

std::optional<std::int64_t> factor(std::string_view unit) {
  constexpr std::int64_t kilo = 1000;
  constexpr std::int64_t kibi = 1024;
  if (unit.empty() || unit == "b") return 1;
  if (unit == "k") return kilo;
  if (unit == "kb") return kibi;
  if (unit == "m") return kilo * kilo;
  if (unit == "mb") return kibi * kibi;
  if (unit == "g") return kilo * kilo * kilo;
  if (unit == "gb") return kibi * kibi * kibi;
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> memory_amount(std::string_view text) {
  std::int64_t number = 0;
  auto const [rest, error] = std::from_chars(text.begin(), text.end(), number);
  auto const unit = factor(ascii::lower_case({rest, text.end()}));
  if (error != std::errc{} || number < 0 || !unit) return std::nullopt;
  if (number > std::numeric_limits<std::int64_t>::max() / *unit) return std::nullopt;
  return number * *unit;
}

std::optional<std::int64_t> memory_limit(ValkeyClusterSpec const& spec) {
  auto const limit = spec.resources.limits.find("memory");
  if (limit == spec.resources.limits.end()) return std::nullopt;
  auto const bytes = kube::whole_units(limit->second.text);
  return bytes ? std::optional{*bytes} : std::nullopt;
}

std::optional<std::int64_t> derived_max_memory(ValkeyClusterSpec const& spec) {
  auto const limit = memory_limit(spec);
  if (!limit) return std::nullopt;
  return *limit / 100 * percent_for_data;
}

}  // namespace crd
