#pragma once
#include "common/kube/timestamp.hpp"

namespace kube {

/// What asks for more is taken to ask for this: it is a mistake, or no friend of ours.
inline constexpr std::chrono::seconds longest_retry_after{300};

/// How long a Retry-After header asks to wait, given as seconds or as a date (RFC 9110, section
/// 10.2.3); a date that has passed asks for 0 s. Nothing where it says neither.
std::optional<std::chrono::seconds> retry_after(std::string_view header, Timestamp now);

}  // namespace kube
