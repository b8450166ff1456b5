#pragma once
#include <compare>
#include <optional>
#include <string_view>

namespace kube {

/// Which of two versions of objects of one kind is newer (KEP-5504; apimachinery
/// pkg/util/resourceversion). Nothing where either is no positive decimal without leading zeros:
/// "0" and "" ask for any version and for the newest, and are versions of nothing.
std::optional<std::strong_ordering> compare_versions(std::string_view left, std::string_view right);

}  // namespace kube
