#include "common/crd/image_version.hpp"

#include "common/ascii.hpp"

#include <array>
#include <charconv>

namespace crd {
namespace {

constexpr std::uint32_t most = 999'999;

/// Takes digits from the front of `text`.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t number = 0;
  auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > most) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return number;
}

}  // namespace

std::string ImageVersion::text() const {
  auto const numbers_only =
      std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  return is_candidate ? numbers_only + "-rc" : numbers_only;
}

std::optional<ImageVersion> image_version(std::string_view tag) {
  tag = tag.substr(0, tag.find('@'));
  if (tag.starts_with('v')) tag.remove_prefix(1);
  std::array<std::uint32_t, 3> parts{};
  std::size_t count = 0;
  while (count < parts.size()) {
    auto const number = take_number(tag);
    if (!number) return std::nullopt;
    parts[count++] = *number;
    if (!tag.starts_with('.')) break;
    tag.remove_prefix(1);
  }
  if (count < 2 || (!tag.empty() && !tag.starts_with('-'))) return std::nullopt;
  return ImageVersion{.major = parts[0],
                      .minor = parts[1],
                      .patch = parts[2],
                      .is_candidate = ascii::lower_case(tag).starts_with("-rc")};
}

}  // namespace crd
