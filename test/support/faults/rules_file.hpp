#pragma once
#include "common/result.hpp"
#include "test/support/faults/rules.hpp"

#include <string_view>

namespace faults {

/// Reads rules as JSON: {"requests": [{"match": {"verb": "patch", "resource": "pods", "first": 3},
/// "respond": {"status": 503}}], "events": [{"match": {"type": "DELETED"}, "drop": {}}]}. Faults
/// and fields are named as in rules.hpp, in camelCase; times are written as "1.5s". A respond
/// without a body has the Status of its code. Errors name the field.
Result<Script> parse_rules(std::string_view text);

}  // namespace faults
