#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crd {

/// What an image's tag says of the version in it. A part that it leaves open is 0, as in "9.1".
struct ImageVersion {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;
  bool is_candidate = false;  ///< "9.1.0-rc1", which comes before 9.1.0

  auto operator<=>(ImageVersion const& other) const {
    if (auto const by_number = numbers() <=> other.numbers(); by_number != 0) return by_number;
    return other.is_candidate <=> is_candidate;
  }
  bool operator==(ImageVersion const&) const = default;

  std::string text() const;

 private:
  constexpr std::uint64_t numbers() const {
    constexpr unsigned bits = 20;
    return (std::uint64_t{major} << (2 * bits)) + (std::uint64_t{minor} << bits) + patch;
  }
};

/// Of "9.1.2", "v9.1.2-alpine", "9.1@sha256:…"; nothing for a tag that names no version, and for
/// one such as "9", which is whatever is newest.
std::optional<ImageVersion> image_version(std::string_view tag);

}  // namespace crd
