#pragma once
#include "common/json/schema.hpp"
#include "common/kube/packed.hpp"

namespace kube {

/// What users may write as a number or as text, such as a quantity or a port: "1" and 1 are the
/// same. It is kept, and written, as text.
struct IntOrString {
  std::string text;
  auto operator<=>(IntOrString const&) const = default;
};

}  // namespace kube

template <>
struct mapping::Codec<kube::IntOrString> {
  static Result<> decode(json::value const& source, Path const& path, kube::IntOrString& target);
  static json::value encode(kube::IntOrString const& source) { return json::string{source.text}; }
};

template <>
struct schema::Type<kube::IntOrString> : schema::detail::Compared<kube::IntOrString> {
  static json::object schema(Defaults);
  static void check(kube::IntOrString const& value, Member const* facts, mapping::Path const& path,
                    Violations& found) {
    detail::check_text(value.text, facts, path, found);
  }
};

template <>
struct kube::Packed<kube::IntOrString> {
  static void pack(IntOrString const& source, Packer& target) { target.add_text(source.text); }
  static void unpack(Unpacker& source, IntOrString& target) { target.text = source.take_text(); }
};
