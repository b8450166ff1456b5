#include "common/kube/int_or_string.hpp"

Result<> mapping::Codec<kube::IntOrString>::decode(json::value const& source, Path const& path,
                                                   kube::IntOrString& target) {
  if (auto const* const text = source.if_string()) {
    target.text = std::string{*text};
    return ok;
  }
  boost::system::error_code failure;
  auto const number = source.to_number<std::int64_t>(failure);
  if (failure || source.is_double()) return mismatch(path, "a string or an integer", source);
  target.text = std::to_string(number);
  return ok;
}

json::object schema::Type<kube::IntOrString>::schema(Defaults) {
  return {
      {"x-kubernetes-int-or-string", true},
      {"anyOf", json::array{json::object{{"type", "integer"}}, json::object{{"type", "string"}}}}};
}
