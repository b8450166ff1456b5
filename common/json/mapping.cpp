#include "common/json/mapping.hpp"

#include "common/ascii.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

namespace mapping {
namespace {

std::string described(json::value const& found) {
  switch (found.kind()) {
    case json::kind::object:
      return "an object";
    case json::kind::array:
      return "a list";
    case json::kind::string:
      return "a string";
    case json::kind::null:
    case json::kind::bool_:
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return json::serialize(found);
  }
  return "";
}

}  // namespace

std::string camel_case(std::string_view snake_case) {
  std::string camel;
  bool raise = false;
  for (char const letter : snake_case) {
    bool const lower = 'a' <= letter && letter <= 'z';
    if (letter != '_') camel += raise && lower ? static_cast<char>(letter - 'a' + 'A') : letter;
    raise = letter == '_';
  }
  return camel;
}

std::string kebab_case(std::string_view snake_case) {
  std::string kebab{snake_case};
  std::ranges::replace(kebab, '_', '-');
  return kebab;
}

std::string lower_case(std::string_view name) { return ascii::lower_case(name); }

std::string Path::text() const {
  auto const before = parent_ ? parent_->text() : "";
  if (auto const* const step = std::get_if<Member>(&step_))
    return before.empty() ? std::string{step->key} : before + "." + std::string{step->key};
  if (auto const* const index = std::get_if<std::size_t>(&step_))
    return before + "[" + std::to_string(*index) + "]";
  auto const name = std::string{*std::get_if<std::string_view>(&step_)};
  return parent_ ? before + "[" + name + "]" : name;
}

Failure mismatch(Path const& path, std::string_view wanted, json::value const& found) {
  auto where = path.text();
  if (where.empty()) where = "document";
  return invalid(where + ": expected " + std::string{wanted} + ", found " + described(found));
}

Result<> Codec<bool>::decode(json::value const& source, Path const& path, bool& target) {
  auto const* const found = source.if_bool();
  if (!found) return mismatch(path, "a boolean", source);
  target = *found;
  return ok;
}

Result<> Codec<std::string>::decode(json::value const& source, Path const& path,
                                    std::string& target) {
  auto const* const found = source.if_string();
  if (!found) return mismatch(path, "a string", source);
  target = std::string{*found};
  return ok;
}

}  // namespace mapping
