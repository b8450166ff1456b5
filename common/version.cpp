#include "common/version.hpp"

#include <fmt/core.h>

namespace version {
namespace {

/// As Go names it.
#ifdef __aarch64__
constexpr std::string_view architecture = "arm64";
#else
constexpr std::string_view architecture = "amd64";
#endif

}  // namespace

std::string line(std::string_view binary) {
  if (commit.empty()) return fmt::format("{} {}", binary, number);
  return fmt::format("{} {} ({})", binary, number, commit);
}

std::string user_agent(std::string_view binary) {
  return fmt::format("{}/{} (linux/{}) kubernetes/{}", binary, number, architecture,
                     commit.empty() ? "unknown" : commit);
}

}  // namespace version
