#pragma once
#include "common/json/json.hpp"

namespace cluster::desired {

/// Whether an object is as we want it. What others or the API server have added does not count, nor
/// how it writes a quantity, nor that it leaves out what is empty.
bool is_as_wanted(json::object const& wanted, json::value const& found);

}  // namespace cluster::desired
