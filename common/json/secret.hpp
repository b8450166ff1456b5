#pragma once
#include "common/json/mapping.hpp"
#include "common/secret.hpp"

#include <optional>

/// A string that is secret; an empty one is as good as none. An error does not quote what stands in
/// its place: a password of digits that lacks its quotes is a number.
template <>
struct mapping::Codec<std::optional<Secret>> {
  static Result<> decode(json::value const& source, Path const& path,
                         std::optional<Secret>& target);
};
