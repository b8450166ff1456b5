#pragma once
#include "common/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// Durations as Go writes and reads them: "1h30m0s", "1.5s", "-100ms".
namespace kube {

/// As time.ParseDuration reads it, to the last nanosecond; all else is Invalid.
Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// As Duration.String() writes it.
std::string format_duration(std::chrono::nanoseconds duration);

}  // namespace kube
