#include "common/valkey/reply.hpp"

#include "common/valkey/number.hpp"

#include <array>

namespace valkey {
namespace {

/// By the order of Reply::Value.
constexpr std::array<std::string_view, std::variant_size_v<Reply::Value>> kinds{
    "null", "a boolean", "an integer", "a double", "a big number",
    "text", "an error",  "a list",     "a map"};

Failure is_not(std::string_view wanted, Reply const& reply) {
  if (auto const* const refusal = reply.refusal()) return Failure{from(*refusal)};
  std::string message{"expected "};
  message.append(wanted).append(", got ").append(kinds[reply.value.index()]);
  return transient(std::move(message));
}

}  // namespace

bool Map::operator==(Map const& other) const { return keys_and_values == other.keys_and_values; }

bool Reply::operator==(Reply const& other) const { return value == other.value; }

Reply const* MapView::find(std::string_view name) const {
  for (std::size_t index = 0; index < size(); ++index) {
    auto const* const text = std::get_if<std::string>(&key(index).value);
    if (text && *text == name) return &value(index);
  }
  return nullptr;
}

Result<std::string_view> MapView::text(std::string_view name) const {
  auto const* const found = find(name);
  if (!found) return not_found("there is no " + std::string{name});
  return text_of(*found);
}

Result<std::int64_t> MapView::integer(std::string_view name) const {
  auto const* const found = find(name);
  if (!found) return not_found("there is no " + std::string{name});
  return integer_of(*found);
}

Result<std::string_view> text_of(Reply const& reply) {
  if (auto const* const text = std::get_if<std::string>(&reply.value)) return *text;
  return is_not("text", reply);
}

Result<bool> boolean_of(Reply const& reply) {
  if (auto const* const boolean = std::get_if<bool>(&reply.value)) return *boolean;
  return is_not("a boolean", reply);
}

Result<double> number_of(Reply const& reply) {
  if (auto const* const number = std::get_if<double>(&reply.value)) return *number;
  if (auto const* const integer = std::get_if<std::int64_t>(&reply.value))
    return static_cast<double>(*integer);
  return is_not("a number", reply);
}

Result<std::int64_t> integer_of(Reply const& reply) {
  if (auto const* const integer = std::get_if<std::int64_t>(&reply.value)) return *integer;
  auto const* const text = std::get_if<std::string>(&reply.value);
  auto const number = text ? parsed<std::int64_t>(*text) : std::nullopt;
  if (number) return *number;
  return is_not("an integer", reply);
}

Result<std::span<Reply const>> list_of(Reply const& reply) {
  if (auto const* const list = std::get_if<List>(&reply.value)) return *list;
  return is_not("a list", reply);
}

Result<MapView> map_of(Reply const& reply) {
  if (auto const* const map = std::get_if<Map>(&reply.value)) return MapView{map->keys_and_values};
  auto const* const list = std::get_if<List>(&reply.value);
  if (list && list->size() % 2 == 0) return MapView{*list};
  return is_not("a map", reply);
}

Result<> accepted(Reply const& reply) {
  if (std::holds_alternative<std::string>(reply.value)) return ok;
  return is_not("OK", reply);
}

}  // namespace valkey
