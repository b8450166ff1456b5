#pragma once
#include "common/json/json.hpp"
#include "common/result.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <concepts>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

/// Described structs to and from JSON, the way Kubernetes means it:
/// snake_case members are camelCase keys unless Keys says otherwise, unknown keys are ignored, an
/// absent or null key keeps the member's default, what is given replaces it as a whole (a struct
/// then has the defaults of its own type), an empty optional is left out (so that its default has
/// to be empty), and every error names its field.
namespace mapping {

/// "replicas_per_shard" is "replicasPerShard", "pod_IP" is "podIP", "operator_" is "operator".
std::string camel_case(std::string_view snake_case);

/// "as_user_extra" is "as-user-extra".
std::string kebab_case(std::string_view snake_case);

/// "Everysec" is "everysec".
std::string lower_case(std::string_view name);

/// The keys of a struct's members and the texts of an enumeration's values; specialise it for a
/// type that is written in another way.
template <class T>
struct Keys {
  static std::string of(std::string_view member) { return camel_case(member); }
};
struct KebabCase {
  static std::string of(std::string_view member) { return kebab_case(member); }
};
struct LowerCase {
  static std::string of(std::string_view name) { return lower_case(name); }
};

/// Where a value stands in a document: "spec.users[2].name". Written out only for an error, so
/// that it must not outlive the names that it was made of.
class Path {
 public:
  explicit Path(std::string_view root) : step_{root} {}
  Path member(std::string_view key) const { return {this, Member{key}}; }
  Path element(std::string_view key) const { return {this, key}; }
  Path element(std::size_t index) const { return {this, index}; }
  std::string text() const;

 private:
  struct Member {
    std::string_view key;
  };
  using Step = std::variant<std::string_view, std::size_t, Member>;

  Path(Path const* parent, Step step) : parent_{parent}, step_{step} {}

  Path const* parent_ = nullptr;
  Step step_;
};

/// "spec.shards: expected an integer, found a string". Never quotes strings: they may be secret.
Failure mismatch(Path const& path, std::string_view wanted, json::value const& found);

/// How one type is written in JSON; specialise it for a type that has a form of its own.
/// A failed decode() leaves `target` in an unspecified state.
template <class T>
struct Codec;

template <class T>
Result<T> decode(json::value const& source, std::string_view root = "") {
  T target{};
  TRY(Codec<T>::decode(source, Path{root}, target));
  return target;
}

template <class T>
json::value encode(T const& source) {
  return Codec<T>::encode(source);
}

/// The same of a struct, as the object that it is.
template <class T>
json::object encode_object(T const& source) {
  return Codec<T>::encode_object(source);
}

/// The same of an enumeration, as the text that it is.
template <class T>
std::string encode_text(T source) {
  return Codec<T>::encode_text(source);
}

template <>
struct Codec<bool> {
  static Result<> decode(json::value const& source, Path const& path, bool& target);
  static json::value encode(bool source) { return source; }
};

template <>
struct Codec<std::string> {
  static Result<> decode(json::value const& source, Path const& path, std::string& target);
  static json::value encode(std::string const& source) { return json::string{source}; }
};

/// Anything, unread.
template <>
struct Codec<json::value> {
  static Result<> decode(json::value const& source, Path const&, json::value& target) {
    target = source;
    return ok;
  }
  static json::value encode(json::value const& source) { return source; }
};

template <class T>
  requires std::integral<T> && (sizeof(T) >= sizeof(int))
struct Codec<T> {
  static Result<> decode(json::value const& source, Path const& path, T& target) {
    boost::system::error_code failure;
    auto const number = source.to_number<T>(failure);
    if (failure) return mismatch(path, wanted(), source);
    target = number;
    return ok;
  }
  static json::value encode(T source) { return source; }

 private:
  static std::string wanted() {
    return "an integer from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
           std::to_string(std::numeric_limits<T>::max());
  }
};

template <class T>
concept Enumeration = boost::describe::has_describe_enumerators<T>::value;

template <Enumeration T>
struct Codec<T> {
  static Result<> decode(json::value const& source, Path const& path, T& target) {
    bool known = false;
    auto const* const name = source.if_string();
    boost::mp11::mp_for_each<Enumerators>([&](auto enumerator) {
      if (!name || *name != text_of(enumerator)) return;
      target = enumerator.value;
      known = true;
    });
    if (!known) return mismatch(path, wanted(), source);
    return ok;
  }
  static json::value encode(T source) {
    auto text = encode_text(source);
    return text.empty() ? json::value{} : json::value{json::string{text}};
  }
  static std::string encode_text(T source) {
    std::string target;
    boost::mp11::mp_for_each<Enumerators>([&](auto enumerator) {
      if (source == enumerator.value) target = text_of(enumerator);
    });
    return target;
  }

 private:
  static std::string wanted() {
    std::string names;
    boost::mp11::mp_for_each<Enumerators>([&](auto enumerator) {
      names += (names.empty() ? "one of " : ", ") + text_of(enumerator);
    });
    return names;
  }
  static std::string const& text_of(auto enumerator) {
    static auto const text = Keys<T>::of(enumerator.name);  // one per enumerator
    return text;
  }

  using Enumerators = boost::describe::describe_enumerators<T>;
};

template <class T>
concept Struct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

template <Struct T>
struct Codec<T> {
  static Result<> decode(json::value const& source, Path const& path, T& target) {
    auto const* const object = source.if_object();
    if (!object) return mismatch(path, "an object", source);
    Result<> outcome;
    boost::mp11::mp_for_each<Members>([&](auto member) {
      auto const& key = key_of(member);
      auto const* const found = object->if_contains(key);
      if (!outcome || !found || found->is_null()) return;
      auto& part = target.*member.pointer;
      using Part = std::remove_reference_t<decltype(part)>;
      part = Part{};  // what is written takes the place of the default, and is not mixed with it
      outcome = Codec<Part>::decode(*found, path.member(key), part);
    });
    return outcome;
  }
  static json::value encode(T const& source) { return encode_object(source); }
  static json::object encode_object(T const& source) {
    json::object target;
    boost::mp11::mp_for_each<Members>([&](auto member) {
      auto value = mapping::encode(source.*member.pointer);
      if (!value.is_null()) target.emplace(key_of(member), std::move(value));
    });
    return target;
  }

 private:
  static std::string const& key_of(auto member) {
    static auto const key = Keys<T>::of(member.name);  // one per member
    return key;
  }

  using Members = boost::describe::describe_members<T, boost::describe::mod_public |
                                                           boost::describe::mod_inherited>;
};

template <class T>
struct Codec<std::optional<T>> {
  static Result<> decode(json::value const& source, Path const& path, std::optional<T>& target) {
    target.reset();
    if (source.is_null()) return ok;
    return Codec<T>::decode(source, path, target.emplace());
  }
  static json::value encode(std::optional<T> const& source) {
    return source ? mapping::encode(*source) : json::value{};
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static Result<> decode(json::value const& source, Path const& path, std::vector<T>& target) {
    auto const* const list = source.if_array();
    if (!list) return mismatch(path, "a list", source);
    target.clear();
    for (auto const& item : *list) {
      T decoded{};
      TRY(Codec<T>::decode(item, path.element(target.size()), decoded));
      target.push_back(std::move(decoded));
    }
    return ok;
  }
  static json::value encode(std::vector<T> const& source) {
    json::array target;
    for (T const& item : source) target.push_back(mapping::encode(item));
    return target;
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  static Result<> decode(json::value const& source, Path const& path,
                         std::map<std::string, T>& target) {
    auto const* const object = source.if_object();
    if (!object) return mismatch(path, "an object", source);
    target.clear();
    for (auto const& [key, value] : *object)
      TRY(Codec<T>::decode(value, path.element(key), target[std::string{key}]));
    return ok;
  }
  static json::value encode(std::map<std::string, T> const& source) {
    json::object target;
    for (auto const& [key, value] : source) target.emplace(key, mapping::encode(value));
    return target;
  }
};

}  // namespace mapping
