#include "common/json/secret.hpp"

Result<> mapping::Codec<std::optional<Secret>>::decode(json::value const& source, Path const& path,
                                                       std::optional<Secret>& target) {
  target.reset();
  if (source.is_null()) return ok;
  auto const* const found = source.if_string();
  if (!found) return invalid(path.text() + ": expected a string: put it in quotes");
  if (!found->empty()) target.emplace(std::string{*found});
  return ok;
}
