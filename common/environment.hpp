#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

/// Environment variables by name.
using Environment = std::map<std::string, std::string, std::less<>>;

/// Those of this process. Read it once, before there are threads.
Environment current_environment();

/// The value of a variable; an empty one is as good as none.
inline std::string_view value_of(std::string_view name, Environment const& environment) {
  auto const found = environment.find(name);
  return found == environment.end() ? std::string_view{} : found->second;
}
