#include "common/json/schema.hpp"

#include <set>

namespace schema {
namespace {

/// The bounds of a number, a list and a map have each their own names.
struct BoundNames {
  std::string_view least;
  std::string_view most;
};

BoundNames bounds_of(json::object const& schema) {
  auto const* const found = schema.if_contains("type");
  auto const* const type = found ? found->if_string() : nullptr;
  if (type && *type == "array") return {"minItems", "maxItems"};
  if (type && *type == "object") return {"minProperties", "maxProperties"};
  return {"minimum", "maximum"};
}

/// Where the text is: a list's items, a map's values, or the schema itself.
json::object& innermost(json::object& schema) {
  for (auto const* const part : {"items", "additionalProperties"})
    if (auto* const inner = schema.if_contains(part))
      if (auto* const object = inner->if_object()) return *object;
  return schema;
}

std::string quoted(std::string_view text) { return "\"" + std::string{text} + "\""; }

}  // namespace

namespace detail {

json::object Leaf::schema(std::string_view type, std::string_view format) {
  json::object written{{"type", type}};
  if (!format.empty()) written["format"] = format;
  return written;
}

void describe(json::object& schema, Member const& facts) {
  auto const names = bounds_of(schema);
  schema["description"] = facts.about;
  if (facts.least) schema[names.least] = *facts.least;
  if (facts.most) schema[names.most] = *facts.most;
  if (auto const* const format = facts.format) {
    auto& text = innermost(schema);
    text["pattern"] = format->pattern;
    if (format->longest > 0) text["maxLength"] = format->longest;
  }
  if (!facts.list_key.empty()) {
    schema["x-kubernetes-list-type"] = "map";
    schema["x-kubernetes-list-map-keys"] = json::array{mapping::camel_case(facts.list_key)};
  } else if (schema.contains("items")) {
    schema["x-kubernetes-list-type"] = facts.is_set ? "set" : "atomic";
  }
}

void check_bounds(std::int64_t found, std::string_view unit, Member const& facts,
                  mapping::Path const& path, Violations& violations) {
  auto const told = [&](std::string_view how, std::int64_t bound) {
    auto const of = unit.empty() ? "" : " " + std::string{unit};
    violations.push_back({path.text(), std::to_string(found) + of + " is " + std::string{how} +
                                           " " + std::to_string(bound)});
  };
  if (facts.least && found < *facts.least) told("less than", *facts.least);
  if (facts.most && found > *facts.most) told("more than", *facts.most);
}

void check_text(std::string_view text, Member const* facts, mapping::Path const& path,
                Violations& violations) {
  if (!facts || !facts->format) return;
  auto const& format = *facts->format;
  bool const fits = format.longest == 0 || std::cmp_less_equal(text.size(), format.longest);
  if (fits && format.matches(text)) return;
  constexpr std::size_t most_quoted = 64;
  violations.push_back(
      {path.text(), quoted(text.substr(0, most_quoted)) + " is not " + std::string{format.what}});
}

void check_keys(std::span<std::string const> keys, mapping::Path const& path,
                Violations& violations) {
  std::set<std::string_view> seen;
  for (auto const& key : keys)
    if (!seen.insert(key).second)
      violations.push_back({path.text(), quoted(key) + " stands there twice"});
}

json::value said(json::value const& value) {
  if (auto const* const text = value.if_string(); text && text->empty()) return {};
  if (auto const* const list = value.if_array(); list && list->empty()) return {};
  auto const* const object = value.if_object();
  if (!object) return value;
  json::object kept;
  for (auto const& [key, part] : *object)
    if (auto entry = said(part); !entry.is_null()) kept.emplace(key, std::move(entry));
  if (kept.empty()) return {};
  return kept;
}

}  // namespace detail
}  // namespace schema
