#pragma once
#include "common/json/mapping.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <tuple>

/// Described structs as OpenAPI v3 schemas, as Kubernetes takes them in CustomResourceDefinitions,
/// and values held to the same bounds and rules. What a type does not say of itself stands in its
/// Facts, once for both.
namespace schema {

inline constexpr std::string_view unsaid;

/// A form that text has to have: as a pattern for an API server, and as code that agrees with it.
struct Format {
  std::string_view what;     ///< "a DNS label"
  std::string_view pattern;  ///< ECMA 262, as RE2 reads it
  bool (*matches)(std::string_view text);
  std::int64_t longest = 0;  ///< in characters; 0 for no limit
};

/// What is to be said of a struct's member.
struct Member {
  std::string_view name;   ///< as in the struct
  std::string_view about;  ///< for `kubectl explain`
  std::optional<std::int64_t> least =
      std::nullopt;  ///< of a number; of a list's items, a map's entries
  std::optional<std::int64_t> most = std::nullopt;  ///< likewise
  Format const* format = nullptr;      ///< of text, of each text in a list, of a map's values
  std::string_view list_key = unsaid;  ///< of a list whose items are told apart by this member
  bool is_set = false;                 ///< a list in which nothing stands twice
  bool is_required = false;
};

/// What has to be true of a value. The two forms have to agree.
template <class T>
struct Rule {
  std::string_view cel;  ///< Common Expression Language, of `self`
  std::string_view message;
  bool (*holds)(T const& value);
  std::string_view field = unsaid;        ///< a member that it is about, as in the struct
  std::string_view message_cel = unsaid;  ///< an expression that names what is wrong in particular
  std::string (*explained)(T const& value) = nullptr;  ///< the same for us
};

/// What has to be true of a change.
template <class T>
struct Transition {
  std::string_view cel;  ///< of `oldSelf` and `self`
  std::string_view message;
  bool (*is_allowed)(T const& before, T const& after);
  std::string_view field = unsaid;
};

/// What is to be said of a struct: `members`, in their order, and if need be `rules` and
/// `transitions`, each a std::array.
template <class T>
struct Facts;

/// What is wrong with a value, and where.
struct Violation {
  std::string field;  ///< "spec.tls.duration"
  std::string message;
  bool operator==(Violation const&) const = default;
};
using Violations = std::vector<Violation>;

/// Whether members that a user leaves out are filled in; a status has no defaults.
enum class Defaults { Written, None };

/// How one type is written; specialise it for a type that has a form of its own.
template <class T>
struct Type;

template <class T>
json::object of(Defaults defaults = Defaults::Written) {
  return Type<T>::schema(defaults);
}

/// All that is wrong with a value by itself.
template <class T>
Violations violations(T const& value, std::string_view root) {
  Violations found;
  Type<T>::check(value, nullptr, mapping::Path{root}, found);
  return found;
}

/// All that is wrong with a change; each value by itself is as it may be.
template <class T>
Violations violations(T const& before, T const& after, std::string_view root) {
  Violations found;
  Type<T>::compare(before, after, mapping::Path{root}, found);
  return found;
}

namespace detail {

void describe(json::object& schema, Member const& facts);
void check_bounds(std::int64_t found, std::string_view unit, Member const& facts,
                  mapping::Path const& path, Violations& violations);
void check_text(std::string_view text, Member const* facts, mapping::Path const& path,
                Violations& violations);
void check_keys(std::span<std::string const> keys, mapping::Path const& path,
                Violations& violations);
/// Without what is as good as none: an empty text, list or object. Null if all of it is.
json::value said(json::value const& value);

template <class T>
concept HasRules = requires { Facts<T>::rules; };
template <class T>
concept HasTransitions = requires { Facts<T>::transitions; };

/// A type without parts, of which `format` may be empty.
struct Leaf {
  static json::object schema(std::string_view type, std::string_view format = {});
};

template <class T>
struct Compared {
  static void compare(T const&, T const&, mapping::Path const&, Violations&) {}
};

}  // namespace detail

template <>
struct Type<bool> : detail::Compared<bool> {
  static json::object schema(Defaults) { return detail::Leaf::schema("boolean"); }
  static void check(bool, Member const*, mapping::Path const&, Violations&) {}
};

template <>
struct Type<std::string> : detail::Compared<std::string> {
  static json::object schema(Defaults) { return detail::Leaf::schema("string"); }
  static void check(std::string const& value, Member const* facts, mapping::Path const& path,
                    Violations& found) {
    detail::check_text(value, facts, path, found);
  }
};

template <>
struct Type<json::value> : detail::Compared<json::value> {
  static json::object schema(Defaults) { return {{"x-kubernetes-preserve-unknown-fields", true}}; }
  static void check(json::value const&, Member const*, mapping::Path const&, Violations&) {}
};

template <class T>
  requires std::integral<T> && (sizeof(T) >= sizeof(int))
struct Type<T> : detail::Compared<T> {
  static json::object schema(Defaults) {
    return detail::Leaf::schema("integer", sizeof(T) > sizeof(int) ? "int64" : "int32");
  }
  static void check(T value, Member const* facts, mapping::Path const& path, Violations& found) {
    if (facts) detail::check_bounds(value, "", *facts, path, found);
  }
};

template <mapping::Enumeration T>
struct Type<T> : detail::Compared<T> {
  static json::object schema(Defaults) {
    auto written = detail::Leaf::schema("string");
    json::array names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto enumerator) { names.push_back(mapping::encode(enumerator.value)); });
    written["enum"] = std::move(names);
    return written;
  }
  static void check(T, Member const*, mapping::Path const&, Violations&) {}
};

template <class T>
struct Type<std::optional<T>> {
  static json::object schema(Defaults defaults) { return Type<T>::schema(defaults); }
  static void check(std::optional<T> const& value, Member const* facts, mapping::Path const& path,
                    Violations& found) {
    if (value) Type<T>::check(*value, facts, path, found);
  }
  static void compare(std::optional<T> const& before, std::optional<T> const& after,
                      mapping::Path const& path, Violations& found) {
    if (before && after) Type<T>::compare(*before, *after, path, found);
  }
};

template <class T>
struct Type<std::vector<T>> : detail::Compared<std::vector<T>> {
  static json::object schema(Defaults defaults) {
    auto written = detail::Leaf::schema("array");
    written["items"] = Type<T>::schema(defaults);
    return written;
  }
  static void check(std::vector<T> const& value, Member const* facts, mapping::Path const& path,
                    Violations& found) {
    if (facts)
      detail::check_bounds(static_cast<std::int64_t>(value.size()), "items", *facts, path, found);
    std::size_t at = 0;
    for (auto const& item : value)
      Type<T>::check(item, text_facts(facts), path.element(at++), found);
    if (facts && !facts->list_key.empty())
      detail::check_keys(keys_of(value, facts->list_key), path, found);
    if constexpr (std::same_as<T, std::string>)
      if (facts && facts->is_set) detail::check_keys(value, path, found);
  }

 private:
  /// A format is that of each item; bounds are those of the list.
  static Member const* text_facts(Member const* facts) {
    return std::same_as<T, std::string> ? facts : nullptr;
  }
  static std::vector<std::string> keys_of(std::vector<T> const& items, std::string_view key) {
    std::vector<std::string> keys;
    if constexpr (mapping::Struct<T>) {
      for (T const& item : items)
        boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
            [&](auto member) {
              if constexpr (std::same_as<std::remove_cvref_t<decltype(item.*member.pointer)>,
                                         std::string>)
                if (key == member.name) keys.push_back(item.*member.pointer);
            });
    }
    return keys;
  }
};

template <class T>
struct Type<std::map<std::string, T>> : detail::Compared<std::map<std::string, T>> {
  static json::object schema(Defaults defaults) {
    auto written = detail::Leaf::schema("object");
    written["additionalProperties"] = Type<T>::schema(defaults);
    return written;
  }
  static void check(std::map<std::string, T> const& value, Member const* facts,
                    mapping::Path const& path, Violations& found) {
    if (facts)
      detail::check_bounds(static_cast<std::int64_t>(value.size()), "entries", *facts, path, found);
    for (auto const& [key, entry] : value) Type<T>::check(entry, facts, path.element(key), found);
  }
};

template <mapping::Struct T>
struct Type<T> {
  static json::object schema(Defaults defaults) {
    auto written = detail::Leaf::schema("object");
    json::object properties;
    json::array required;
    T const fresh{};
    for_each([&](auto member, Member const& facts) {
      auto const key = mapping::Keys<T>::of(member.name);
      auto const& part = fresh.*member.pointer;
      auto property = Type<std::remove_cvref_t<decltype(part)>>::schema(defaults);
      detail::describe(property, facts);
      if (facts.is_required) required.emplace_back(key);
      if (auto standard = default_of(part);
          defaults == Defaults::Written && !facts.is_required && !standard.is_null())
        property["default"] = std::move(standard);
      properties[key] = std::move(property);
    });
    written["properties"] = std::move(properties);
    if (!required.empty()) written["required"] = std::move(required);
    if (auto validations = rules(); !validations.empty())
      written["x-kubernetes-validations"] = std::move(validations);
    return written;
  }

  /// What was left as it is by default is as it may be.
  static void check(T const& value, Member const*, mapping::Path const& path, Violations& found) {
    T const fresh{};
    for_each([&](auto member, Member const& facts) {
      auto const& part = value.*member.pointer;
      if (part == fresh.*member.pointer && !facts.is_required) return;
      auto const key = mapping::Keys<T>::of(member.name);
      Type<std::remove_cvref_t<decltype(part)>>::check(part, &facts, path.member(key), found);
    });
    if constexpr (detail::HasRules<T>)
      for (auto const& rule : Facts<T>::rules)
        if (!rule.holds(value))
          found.push_back({at(path, rule.field),
                           rule.explained ? rule.explained(value) : std::string{rule.message}});
  }

  static void compare(T const& before, T const& after, mapping::Path const& path,
                      Violations& found) {
    for_each([&](auto member, Member const&) {
      auto const key = mapping::Keys<T>::of(member.name);
      auto const& part = before.*member.pointer;
      Type<std::remove_cvref_t<decltype(part)>>::compare(part, after.*member.pointer,
                                                         path.member(key), found);
    });
    if constexpr (detail::HasTransitions<T>)
      for (auto const& transition : Facts<T>::transitions)
        if (!transition.is_allowed(before, after))
          found.push_back({at(path, transition.field), std::string{transition.message}});
  }

 private:
  using Members = boost::describe::describe_members<T, boost::describe::mod_public>;

  /// Each member with what is said of it: there has to be an entry for each, in their order.
  static void for_each(auto const& visit) {
    constexpr auto& facts = Facts<T>::members;
    static_assert(facts.size() == boost::mp11::mp_size<Members>::value);
    boost::mp11::mp_for_each<boost::mp11::mp_iota_c<facts.size()>>([&](auto index) {
      using Described = boost::mp11::mp_at<Members, decltype(index)>;
      static_assert(Facts<T>::members[index].name == std::string_view{Described::name});
      visit(Described{}, Facts<T>::members[index]);
    });
  }

  /// A struct's members have their own defaults, so that an empty one will do. But rules are tried
  /// on what is written here, and not on what becomes of it.
  template <class Part>
  static json::value default_of(Part const& part) {
    auto whole = detail::said(mapping::encode(part));
    if constexpr (mapping::Struct<Part> && !detail::HasRules<Part> && !detail::HasTransitions<Part>)
      if (!whole.is_null() && part == Part{}) return json::object{};
    return whole;
  }

  static json::array rules() {
    json::array written;
    auto const add = [&](auto const& rule) {
      json::object one{{"rule", rule.cel}, {"message", rule.message}};
      if (!rule.field.empty()) one["fieldPath"] = "." + mapping::Keys<T>::of(rule.field);
      if constexpr (requires { rule.message_cel; })
        if (!rule.message_cel.empty()) one["messageExpression"] = rule.message_cel;
      written.push_back(std::move(one));
    };
    if constexpr (detail::HasRules<T>)
      for (auto const& rule : Facts<T>::rules) add(rule);
    if constexpr (detail::HasTransitions<T>)
      for (auto const& transition : Facts<T>::transitions) add(transition);
    return written;
  }

  static std::string at(mapping::Path const& path, std::string_view member) {
    if (member.empty()) return path.text();
    auto const key = mapping::Keys<T>::of(member);
    return path.member(key).text();
  }
};

}  // namespace schema
