#include "test/support/faults/call.hpp"

#include <algorithm>
#include <cctype>
#include <ranges>
#include <vector>

namespace faults {
namespace {

using Parts = std::vector<std::string_view>;

Parts split(std::string_view text, char separator) {
  Parts parts;
  for (auto const part : std::views::split(text, separator))
    if (!part.empty()) parts.emplace_back(part.begin(), part.end());
  return parts;
}

std::string_view name_of(std::string_view parameter) {
  return parameter.substr(0, parameter.find('='));
}

std::string lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return lower;
}

std::string verb_of(std::string_view method, Call const& call) {
  if (method == "GET" && !call.name.empty()) return "get";
  auto const watch = parameter(call.query, "watch");
  if (method == "GET") return watch == "1" || watch == "true" ? "watch" : "list";
  if (method == "POST") return "create";
  if (method == "PUT") return "update";
  if (method == "DELETE") return call.name.empty() ? "deletecollection" : "delete";
  return lower_case(method);
}

/// Fills in what `parts`, a path below the API's version, says. As k8s.io/apiserver
/// request/requestinfo.go reads it.
void read_resource(Parts parts, std::string_view group, Call& call) {
  bool const of_namespace = parts.size() > 2 && parts[0] == "namespaces" && parts[2] != "status" &&
                            parts[2] != "finalize";
  if (of_namespace) {
    call.namespace_name = parts[1];
    parts.erase(parts.begin(), parts.begin() + 2);
  }
  call.resource = parts[0];
  if (parts.size() > 1) call.name = parts[1];
  if (parts.size() > 2) call.resource.append("/").append(parts[2]);
  if (!group.empty()) call.resource.append(".").append(group);
}

}  // namespace

Call call_of(std::string_view method, std::string_view target, std::string_view user_agent) {
  Call call;
  call.user_agent = user_agent;
  call.path = target.substr(0, target.find('?'));
  if (call.path.size() < target.size()) call.query = target.substr(call.path.size() + 1);
  auto const parts = split(call.path, '/');
  bool const core = parts.size() > 2 && parts[0] == "api";
  bool const grouped = parts.size() > 3 && parts[0] == "apis";
  if (!core && !grouped) {
    call.resource = call.path;
    call.verb = lower_case(method);
    return call;
  }
  read_resource({parts.begin() + (core ? 2 : 3), parts.end()}, core ? "" : parts[1], call);
  call.verb = verb_of(method, call);
  return call;
}

std::string without(std::string_view query, std::initializer_list<std::string_view> names) {
  std::string kept;
  for (auto const part : split(query, '&'))
    if (std::ranges::find(names, name_of(part)) == names.end())
      kept.append(kept.empty() ? "" : "&").append(part);
  return kept;
}

std::string_view parameter(std::string_view query, std::string_view name) {
  for (auto const part : split(query, '&'))
    if (name_of(part) == name) return part.substr(std::min(part.size(), name.size() + 1));
  return {};
}

}  // namespace faults
