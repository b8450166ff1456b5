#pragma once
#include "common/json/json.hpp"
#include "common/result.hpp"

#include <string_view>

namespace yaml {

/// One YAML document as JSON; null if there is none. Plain scalars are resolved by the core schema
/// of YAML 1.2, so that yes and on are strings. UTF-16 is understood if it begins with a byte order
/// mark. Refused as Invalid, with line and column: duplicate keys, merge keys, tags but !!str, what
/// JSON cannot say, and whatever is too long, too deep, or would be once its aliases are replaced.
/// Errors quote nothing but keys.
Result<json::value> parse(std::string_view text);

}  // namespace yaml
