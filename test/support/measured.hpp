#pragma once
#include <string>

/// The number that follows this beginning of a line in all that is measured.
double measured(std::string const& beginning);
