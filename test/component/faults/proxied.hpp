#pragma once
#include "common/json/json.hpp"
#include "test/support/control_plane.hpp"
#include "test/support/faults/fault_proxy.hpp"
#include "test/support/faults/wire.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <fmt/core.h>
#include <string>
#include <string_view>

/// A namespace on an API server that is reached through a proxy.
struct Proxied {
  ControlPlane control_plane;
  Namespace space;
  faults::FaultProxy proxy{control_plane.api_server()};

  std::string path(std::string_view resource, std::string_view rest = {}) const {
    return fmt::format("/api/v1/namespaces/{}/{}{}", space.name(), resource, rest);
  }
  std::string config_map(std::string_view name) const { return path("configmaps/", name); }
  std::string watch(std::string_view resource = "configmaps", std::string_view more = {}) const {
    return path(resource, fmt::format("?watch=1&allowWatchBookmarks=true{}", more));
  }

  void create(std::string_view kind, std::string const& name) const {
    ControlPlane::kubectl({"create", std::string{kind}, name, "--namespace", space.name()});
  }
  void remove(std::string_view kind, std::string const& name) const {
    ControlPlane::kubectl({"delete", std::string{kind}, name, "--namespace", space.name()});
  }
  bool exists(std::string const& name) const {
    return ControlPlane::try_kubectl({"get", "configmap", name, "--namespace", space.name()})
               .status == 0;
  }
  /// Of the present: a list tells it, but kubectl's own do not.
  std::string resource_version() const {
    auto const list = json::parse(ControlPlane::kubectl({"get", "--raw", path("configmaps")}));
    return json::value_to<std::string>(list.at("metadata").at("resourceVersion"));
  }
};

inline std::string config_map_named(std::string_view name) {
  return fmt::format(R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{}"}}}})",
                     name);
}

inline int count(std::string_view text, std::string_view part) {
  int found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}
