#include "operator/cluster/roles.hpp"

#include "common/crd/labels.hpp"

namespace cluster {
namespace {

std::string_view role_of(Pod const& pod) {
  auto const found = pod.metadata.labels.find(std::string{crd::labels::role});
  return found != pod.metadata.labels.end() ? std::string_view{found->second} : std::string_view{};
}

bool serves_reads(Server const& server, View const& view) {
  auto const* const owner = view.owner_of(server.place.shard);
  return owner && server.follows(owner->id()) && server.is_in_sync();
}

}  // namespace

std::vector<Patch> relabelled(crd::ValkeyClusterSpec const& spec, View const& view,
                              Pods const& pods) {
  std::vector<Patch> patches;
  for (auto const& server : view.servers) {
    auto const found = pods.find(server.place.pod_name);
    if (found == pods.end() || server.is_leaving) continue;
    auto const& pod = found->second;
    bool const is_wanted = spec.services.read.enabled && serves_reads(server, view);
    auto const wanted = is_wanted ? crd::labels::replica : std::string_view{};
    if (role_of(pod) == wanted) continue;
    json::value const label = is_wanted ? json::value(wanted) : json::value(nullptr);
    json::object const labels{{crd::labels::role, label}};
    patches.push_back(
        {kube::kinds::pod,
         ref_of(pod.metadata),
         {{"metadata", {{"resourceVersion", pod.metadata.resource_version}, {"labels", labels}}}}});
  }
  return patches;
}

}  // namespace cluster
