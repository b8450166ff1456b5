#pragma once
#include "common/crd/directives.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

/// Rules in the Common Expression Language that are too long to write by hand, or stand twice.
namespace crd::cel {

template <std::string_view const&... Parts>
inline constexpr auto joined_letters = [] {
  std::array<char, (Parts.size() + ...)> all{};
  auto* end = all.data();
  ((end = std::ranges::copy(Parts, end).out), ...);
  return all;
}();

/// Texts put together when this is compiled.
template <std::string_view const&... Parts>
inline constexpr std::string_view joined{joined_letters<Parts...>.data(),
                                         joined_letters<Parts...>.size()};

inline constexpr auto owned_names_letters = [] {
  constexpr auto length = [] {
    std::size_t sum = 1;  // two brackets, and one comma less than names
    for (auto const& directive : owned_directives) sum += directive.name.size() + 3;
    return sum;
  }();
  std::array<char, length> text{};
  auto* end = text.data();
  char separator = '[';
  for (auto const& directive : owned_directives) {
    *end++ = std::exchange(separator, ',');
    *end++ = '\'';
    end = std::ranges::copy(directive.name, end).out;
    *end++ = '\'';
  }
  *end = ']';
  return text;
}();

/// "['aclfile','bind']", all of them.
inline constexpr std::string_view owned_names{owned_names_letters.data(),
                                              owned_names_letters.size()};

inline constexpr std::string_view no_config_is_in =
    "!has(self.config) || !self.config.exists(name, name in ";
inline constexpr std::string_view all_of_config_in = "self.config.filter(name, name in ";
inline constexpr std::string_view end = ")";
inline constexpr std::string_view are_ours = ")[0] + ' is set by the operator'";

inline constexpr std::string_view leaves_directives = joined<no_config_is_in, owned_names, end>;
inline constexpr std::string_view told_directives = joined<all_of_config_in, owned_names, are_ours>;

inline constexpr std::string_view no_label = "!has(self.podLabels) || !self.podLabels";
inline constexpr std::string_view no_annotation =
    "!has(self.podAnnotations) || !self.podAnnotations";
inline constexpr std::string_view is_ours =
    ".exists(key, key.startsWith('valkey-operator.dev/') || key in ['app.kubernetes.io/name', "
    "'app.kubernetes.io/instance', 'app.kubernetes.io/component', "
    "'app.kubernetes.io/managed-by'])";

inline constexpr std::string_view leaves_pod_labels = joined<no_label, is_ours>;
inline constexpr std::string_view leaves_pod_annotations = joined<no_annotation, is_ours>;

}  // namespace crd::cel
