#pragma once
#include "common/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace kube {

/// A moment by the wall clock, as fine as Kubernetes keeps one (metav1.MicroTime).
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// RFC 3339, of any offset: "2006-01-02T15:04:05Z", "2006-01-02T15:04:05.000001+02:00". What is
/// finer than a microsecond is cut off; all else is Invalid.
Result<Timestamp> parse_timestamp(std::string_view text);

/// As HTTP writes one, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7, without the
/// obsolete forms).
std::optional<Timestamp> parse_http_date(std::string_view text);

/// "2006-01-02T15:04:05Z", as metav1.Time is written. The year has to have four digits.
std::string format_seconds(Timestamp moment);

/// "2006-01-02T15:04:05.000000Z", as metav1.MicroTime is written. The year has to have four digits.
std::string format_microseconds(Timestamp moment);

}  // namespace kube
