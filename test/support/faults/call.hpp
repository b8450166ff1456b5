#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace faults {

/// A request as an API server's authorizers and its audit log call it. What concerns no resource,
/// such as /version, has its path as resource and its method in lower case as verb.
struct Call {
  std::string verb;            ///< get, list, watch, create, update, patch, delete, …
  std::string resource;        ///< "configmaps", "pods/status", "statefulsets/scale.apps"
  std::string namespace_name;  ///< empty for what has none, and for all namespaces
  std::string name;
  std::string path;
  std::string query;  ///< what follows the question mark, percent-encoded
  std::string user_agent;
  bool operator==(Call const&) const = default;
};

Call call_of(std::string_view method, std::string_view target, std::string_view user_agent);

/// `query` without the parameters of those names.
std::string without(std::string_view query, std::initializer_list<std::string_view> names);

/// The value of a parameter as it is written, or nothing.
std::string_view parameter(std::string_view query, std::string_view name);

}  // namespace faults
