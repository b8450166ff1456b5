#pragma once
#include <string>
#include <string_view>

/// What the file of that name in test/golden/expected holds. With UPDATE_GOLDEN=1 in the
/// environment it is first made to hold `actual`.
std::string expected(std::string const& name, std::string_view actual);
