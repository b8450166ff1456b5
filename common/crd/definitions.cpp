#include "common/crd/definitions.hpp"

#include "common/crd/names.hpp"
#include "common/crd/valkey_cluster_facts.hpp"
#include "common/crd/valkey_cluster_status_facts.hpp"
#include "common/crd/valkey_upgrade_facts.hpp"

#include <utility>

namespace crd {
namespace {

struct Definition {
  kube::Resource resource;
  std::string_view singular;
  std::string_view short_name;
  std::string_view about;
  std::string_view about_spec;
  std::string_view about_status;
  schema::Format const& name;
  json::object spec;
  json::object status;
  json::object subresources;
  json::array columns;
};

json::object column(std::string_view name, std::string_view path, std::string_view about,
                    int priority = 0, std::string_view type = "string") {
  return {{"name", name},
          {"type", type},
          {"jsonPath", path},
          {"description", about},
          {"priority", priority}};
}

json::object described(json::object schema, std::string_view about) {
  schema["description"] = about;
  return schema;
}

json::object root_schema(Definition const& of) {
  return {{"type", "object"},
          {"description", of.about},
          {"required", json::array{"spec"}},
          {"properties",
           {{"apiVersion", described({{"type", "string"}}, "valkey-operator.dev/v1alpha1")},
            {"kind", described({{"type", "string"}}, of.resource.kind)},
            {"metadata",
             {{"type", "object"},
              {"properties",
               {{"name",
                 {{"type", "string"},
                  {"pattern", of.name.pattern},
                  {"maxLength", of.name.longest}}}}}}},
            {"spec", described(of.spec, of.about_spec)},
            {"status", described(of.status, of.about_status)}}}};
}

json::object definition(Definition const& of) {
  auto const name = std::string{of.resource.plural} + "." + std::string{of.resource.group};
  json::object names{{"kind", of.resource.kind},
                     {"listKind", std::string{of.resource.kind} + "List"},
                     {"plural", of.resource.plural},
                     {"singular", of.singular},
                     {"shortNames", json::array{of.short_name}},
                     {"categories", json::array{"all", "valkey"}}};
  json::object version{{"name", of.resource.version},
                       {"served", true},
                       {"storage", true},
                       {"subresources", of.subresources},
                       {"additionalPrinterColumns", of.columns}};
  version["schema"] = json::object{{"openAPIV3Schema", root_schema(of)}};
  return {{"apiVersion", "apiextensions.k8s.io/v1"},
          {"kind", "CustomResourceDefinition"},
          {"metadata", {{"name", name}}},
          {"spec",
           {{"group", of.resource.group},
            {"scope", "Namespaced"},
            {"names", std::move(names)},
            {"versions", json::array{std::move(version)}}}}};
}

}  // namespace

json::object valkey_cluster_definition() {
  json::array const columns{
      column("Phase", ".status.phase", "How the cluster is."),
      column("Shards", ".spec.shards", "Shards that are wanted.", 0, "integer"),
      column("Ready", ".status.readyShards", "Shards that serve with all their replicas."),
      column("Slots", ".status.slots", "Slots that are served."),
      column("Version", ".status.version", "What the servers run."),
      column("Plan", ".status.plan.summary", "What waits for approval.", 1),
      column("Message", ".status.message", "What happens, or what it waits for.", 1),
      column("Age", ".metadata.creationTimestamp", "How old it is.", 0, "date"),
  };
  return definition(
      {.resource = valkey_cluster,
       .singular = "valkeycluster",
       .short_name = "vkc",
       .about = "A Valkey cluster: shards of a primary and its replicas, which share 16384 slots.",
       .about_spec = "The cluster as it is wanted. Every field has a default.",
       .about_status = "The cluster as it is, observed from its servers and pods.",
       .name = cluster_name,
       .spec = schema::of<ValkeyClusterSpec>(),
       .status = schema::of<ValkeyClusterStatus>(schema::Defaults::None),
       .subresources = {{"status", json::object{}},
                        {"scale",
                         {{"specReplicasPath", ".spec.shards"},
                          {"statusReplicasPath", ".status.replicas"},
                          {"labelSelectorPath", ".status.selector"}}}},
       .columns = columns});
}

json::object valkey_upgrade_definition() {
  json::array const columns{
      column("Cluster", ".spec.clusterRef.name", "What is upgraded."),
      column("To", ".spec.image.tag", "What it is to run."),
      column("Phase", ".status.phase", "How far it is."),
      column("Progress", ".status.progress", "Pods that are upgraded."),
      column("Message", ".status.message", "What happens, or what it waits for.", 1),
      column("Age", ".metadata.creationTimestamp", "How old it is.", 0, "date"),
  };
  return definition(
      {.resource = valkey_upgrade,
       .singular = "valkeyupgrade",
       .short_name = "vku",
       .about = "One upgrade of a Valkey cluster: checked before, a canary first, undone if it "
                "fails.",
       .about_spec = "What is to be upgraded, and how.",
       .about_status = "How far it is.",
       .name = formats::dns_subdomain,
       .spec = schema::of<ValkeyUpgradeSpec>(),
       .status = schema::of<ValkeyUpgradeStatus>(schema::Defaults::None),
       .subresources = {{"status", json::object{}}},
       .columns = columns});
}

}  // namespace crd
