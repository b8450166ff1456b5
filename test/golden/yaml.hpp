#pragma once
#include "common/json/json.hpp"

#include <string>

/// A document as people read it best.
std::string yaml(json::value const& document);
