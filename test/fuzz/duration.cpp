#include "common/kube/duration.hpp"

#include "common/kube/timestamp.hpp"

#include <cstdint>
#include <cstdlib>

/// What reads as a duration or timestamp is written as something that reads as the same.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  auto const duration = kube::parse_duration(text);
  if (duration && kube::parse_duration(kube::format_duration(*duration)).value() != *duration)
    std::abort();
  auto const moment = kube::parse_timestamp(text);
  constexpr kube::Timestamp first = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
  constexpr kube::Timestamp last = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};
  if (moment && *moment >= first && *moment < last &&
      kube::parse_timestamp(kube::format_microseconds(*moment)).value() != *moment)
    std::abort();
  return 0;
}
