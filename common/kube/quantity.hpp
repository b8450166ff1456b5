#pragma once
#include "common/result.hpp"

#include <cstdint>
#include <string_view>

/// Kubernetes quantities, "100m", "1.5Gi", "2e3" (apimachinery pkg/api/resource), read exactly.
/// What is no quantity or does not fit is Invalid.
namespace kube {

/// In whole units, such as bytes: fractions are rounded away from zero, as Quantity.Value() does.
Result<std::int64_t> whole_units(std::string_view quantity);

/// In thousandths, such as those of a CPU, rounded alike.
Result<std::int64_t> thousandths(std::string_view quantity);

}  // namespace kube
