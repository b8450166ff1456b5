#pragma once
#include "common/json/json.hpp"

#include <string_view>

/// Looking into JSON that may be anything.
namespace kube {

/// None where there is none, or no object.
inline json::value const* member(json::value const* value, std::string_view key) {
  auto const* const object = value ? value->if_object() : nullptr;
  return object ? object->if_contains(key) : nullptr;
}

/// Empty where there is none, or no string.
inline std::string_view text_of(json::value const* value) {
  auto const* const string = value ? value->if_string() : nullptr;
  return string ? std::string_view{*string} : std::string_view{};
}

/// A field of an object's metadata, or of a list's.
inline json::value const* metadata(json::value const& object, std::string_view field) {
  return member(member(&object, "metadata"), field);
}

}  // namespace kube
