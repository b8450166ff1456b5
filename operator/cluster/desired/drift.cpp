#include "operator/cluster/desired/drift.hpp"

#include "common/kube/quantity.hpp"

#include <algorithm>

namespace cluster::desired {
namespace {

bool is_empty(json::value const& value) {
  auto const* const object = value.if_object();
  auto const* const list = value.if_array();
  return value.is_null() || (object && object->empty()) || (list && list->empty());
}

/// "1000m" and "1".
bool is_same_quantity(json::value const& wanted, json::value const& found) {
  auto const* const left = wanted.if_string();
  auto const* const right = found.if_string();
  if (!left || !right) return false;
  auto const amount = kube::thousandths(*left);
  auto const other = kube::thousandths(*right);
  return amount && other && *amount == *other;
}

bool is_there(json::value const& wanted, json::value const& found);

/// Nobody adds to our lists but to those of owners, of which there may be others.
bool is_list_there(json::array const& wanted, json::array const& found, bool may_have_more) {
  if (!may_have_more)
    return wanted.size() == found.size() && std::ranges::equal(wanted, found, is_there);
  return std::ranges::all_of(wanted, [&](json::value const& one) {
    return std::ranges::any_of(found,
                               [&](json::value const& other) { return is_there(one, other); });
  });
}

/// Maps that an API server takes and keeps as a whole: whoever adds to a selector selects something
/// else (x-kubernetes-map-type: atomic).
bool is_atomic(std::string_view key) {
  return key == "selector" || key == "matchLabels" || key == "nodeSelector";
}

bool is_member_there(std::string_view key, json::value const& wanted, json::object const& found) {
  if (is_empty(wanted)) return true;
  auto const* const there = found.if_contains(key);
  if (!there) return false;
  auto const* const wanted_list = wanted.if_array();
  auto const* const found_list = there->if_array();
  if (wanted_list && found_list)
    return is_list_there(*wanted_list, *found_list, key == "ownerReferences");
  auto const* const wanted_map = wanted.if_object();
  auto const* const found_map = there->if_object();
  bool const has_more = wanted_map && found_map && found_map->size() > wanted_map->size();
  return is_there(wanted, *there) && !(has_more && is_atomic(key));
}

bool is_object_there(json::object const& wanted, json::object const& found) {
  return std::ranges::all_of(wanted, [&](auto const& member) {
    auto const& [key, value] = member;
    return is_member_there(key, value, found);
  });
}

bool is_there(json::value const& wanted, json::value const& found) {
  if (auto const* const object = wanted.if_object()) {
    auto const* const other = found.if_object();
    return other && is_object_there(*object, *other);
  }
  return wanted == found || is_same_quantity(wanted, found);
}

}  // namespace

bool is_as_wanted(json::object const& wanted, json::value const& found) {
  auto const* const object = found.if_object();
  return object && is_object_there(wanted, *object);
}

}  // namespace cluster::desired
