#include "common/version.hpp"

#include <fmt/core.h>

namespace version {

std::string line(std::string_view binary) {
  if (commit.empty()) return fmt::format("{} {}", binary, number);
  return fmt::format("{} {} ({})", binary, number, commit);
}

}  // namespace version
