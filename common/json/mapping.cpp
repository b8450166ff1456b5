#include "common/json/mapping.hpp"

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

std::string Path::text() const {
  if (!parent_) return step_;
  auto const before = parent_->text();
  return before.empty() && step_.starts_with('.') ? step_.substr(1) : before + step_;
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
