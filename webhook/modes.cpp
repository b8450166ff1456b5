#include "webhook/modes.hpp"

#include "common/yaml.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace webhook {
namespace {

struct NamespaceModes {
  std::vector<std::string> names;
  std::map<std::string, Mode> modes;
};
BOOST_DESCRIBE_STRUCT(NamespaceModes, (), (names, modes))

struct ModesFile {
  std::map<std::string, Mode> modes;
  std::vector<NamespaceModes> namespaces;
};
BOOST_DESCRIBE_STRUCT(ModesFile, (), (modes, namespaces))

std::string known_policies() {
  std::string names;
  for (auto const& policy : all_policies())
    names += (names.empty() ? "" : ", ") + std::string{policy.name};
  return names;
}

Result<> check_policies(std::map<std::string, Mode> const& modes, std::string const& where) {
  for (auto const& [name, mode] : modes)
    if (std::ranges::find(all_policies(), std::string_view{name}, &Policy::name) ==
        all_policies().end())
      return invalid(
          fmt::format("{}: there is no policy \"{}\", only {}", where, name, known_policies()));
  return ok;
}

/// A key that is written wrongly must not be as good as none.
Result<> check_keys(json::value const& value, std::initializer_list<std::string_view> known,
                    std::string const& where) {
  auto const* const object = value.if_object();
  if (!object) return ok;
  for (auto const& [key, entry] : *object)
    if (std::ranges::find(known, std::string_view{key}) == known.end())
      return invalid(where + ": there is no \"" + std::string{key} + "\"");
  return ok;
}

Result<> check_keys(json::value const& document) {
  TRY(check_keys(document, {"modes", "namespaces"}, "document"));
  auto const* const object = document.if_object();
  auto const* const found = object ? object->if_contains("namespaces") : nullptr;
  auto const* const list = found ? found->if_array() : nullptr;
  if (!list) return ok;
  for (std::size_t index = 0; auto const& entry : *list)
    TRY(check_keys(entry, {"names", "modes"}, "namespaces[" + std::to_string(index++) + "]"));
  return ok;
}

}  // namespace

bool fits(std::string_view name, std::string_view pattern) {
  auto const star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  auto const rest = pattern.substr(star + 1);
  for (auto tail = name.substr(star);; tail.remove_prefix(1)) {
    if (fits(tail, rest)) return true;
    if (tail.empty()) return false;
  }
}

Result<Modes> Modes::parse(std::string_view yaml) {
  TRY(auto const document, yaml::parse(yaml));
  if (document.is_null()) return Modes{};
  TRY(check_keys(document));
  TRY(auto const file, mapping::decode<ModesFile>(document));
  TRY(check_policies(file.modes, "modes"));
  Modes made;
  made.everywhere_.insert(file.modes.begin(), file.modes.end());
  for (std::size_t index = 0; auto const& [names, modes] : file.namespaces) {
    auto const where = "namespaces[" + std::to_string(index++) + "]";
    if (names.empty()) return invalid(where + ".names: is missing");
    for (auto const& name : names)
      if (std::ranges::count(name, '*') > 4)
        return invalid(where + ".names: more than 4 * in one name");
    TRY(check_policies(modes, where + ".modes"));
    made.exceptions_.push_back({.names = names, .modes = {modes.begin(), modes.end()}});
  }
  return made;
}

Mode Modes::of(Policy const& policy, std::string_view namespace_name) const {
  for (auto const& [names, modes] : exceptions_) {
    auto const found = modes.find(policy.name);
    bool const is_meant = std::ranges::any_of(
        names, [&](std::string const& pattern) { return fits(namespace_name, pattern); });
    if (is_meant && found != modes.end()) return found->second;
  }
  auto const found = everywhere_.find(policy.name);
  return found != everywhere_.end() ? found->second : policy.usual;
}

}  // namespace webhook
