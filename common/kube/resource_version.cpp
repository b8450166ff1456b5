#include "common/kube/resource_version.hpp"

#include "common/ascii.hpp"

namespace kube {
namespace {

bool is_version(std::string_view text) {
  return !text.empty() && text[0] != '0' && ascii::is_digits(text);
}

}  // namespace

std::optional<std::strong_ordering> compare_versions(std::string_view left,
                                                     std::string_view right) {
  if (!is_version(left) || !is_version(right)) return std::nullopt;
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

}  // namespace kube
