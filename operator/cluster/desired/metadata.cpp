#include "operator/cluster/desired/metadata.hpp"

#include "common/crd/labels.hpp"

#include <utility>

namespace cluster::desired {
namespace {

namespace labels = crd::labels;

json::object marked(json::object selector, crd::Names const& names) {
  selector[labels::name] = "valkey";
  selector[labels::instance] = names.cluster();
  selector[labels::managed_by] = "valkey-operator";
  return selector;
}

}  // namespace

json::object cluster_selector(crd::Names const& names) {
  return {{labels::cluster, names.cluster()}};
}

json::object shard_selector(crd::Names const& names, int shard) {
  return {{labels::cluster, names.cluster()}, {labels::shard, names.shard(shard)}};
}

json::object cluster_labels(crd::Names const& names) {
  return marked(cluster_selector(names), names);
}

json::object shard_labels(crd::Names const& names, int shard) {
  return marked(shard_selector(names, shard), names);
}

json::object owned(kube::Resource const& kind, crd::ValkeyCluster const& cluster,
                   std::string const& name, json::object labels,
                   std::map<std::string, std::string> const& annotations) {
  json::object owner{{"apiVersion", kube::api_version(crd::valkey_cluster)},
                     {"kind", crd::valkey_cluster.kind},
                     {"name", cluster.metadata.name},
                     {"uid", cluster.metadata.uid},
                     {"controller", true},
                     {"blockOwnerDeletion", true}};
  json::object metadata{{"name", name},
                        {"namespace", cluster.metadata.namespace_},
                        {"labels", std::move(labels)},
                        {"ownerReferences", json::array{std::move(owner)}}};
  if (!annotations.empty()) metadata["annotations"] = mapping::encode(annotations);
  return {{"apiVersion", kube::api_version(kind)},
          {"kind", kind.kind},
          {"metadata", std::move(metadata)}};
}

}  // namespace cluster::desired
