#include "operator/cluster/desired/pod.hpp"

#include "common/crd/names.hpp"
#include "operator/cluster/desired/metadata.hpp"
#include "operator/cluster/desired/scheduling.hpp"
#include "operator/cluster/desired/secrets.hpp"
#include "operator/cluster/desired/stateful_set.hpp"
#include "operator/cluster/desired/valkey_conf.hpp"

#include <utility>

namespace cluster::desired {
namespace {

constexpr int server_user = 999;  // valkey, in the official images

json::object from_field(std::string_view name, std::string_view path) {
  return {{"name", name}, {"valueFrom", {{"fieldRef", {{"fieldPath", path}}}}}};
}

json::object port(std::string_view name, std::int64_t number) {
  return {{"name", name}, {"containerPort", number}, {"protocol", "TCP"}};
}

json::object mount(std::string_view name, std::string_view path, bool is_read_only = true) {
  json::object mounted{{"name", name}, {"mountPath", path}};
  if (is_read_only) mounted["readOnly"] = true;
  return mounted;
}

json::object script(std::string_view name, json::array arguments = {}) {
  json::array command{"/bin/sh", in_folder(folders::config, name)};
  for (auto& argument : arguments) command.push_back(std::move(argument));
  return {{"command", std::move(command)}};
}

struct ProbeTiming {
  int period = 1;  ///< seconds
  int failures = 1;
};

json::object probe(std::string_view question, ProbeTiming timing) {
  return {{"exec", script("probe.sh", {question})},
          {"periodSeconds", timing.period},
          {"timeoutSeconds", 5},
          {"failureThreshold", timing.failures}};
}

/// The least that there is: what a server needs is its ports and its volume.
json::object restricted() {
  return {{"allowPrivilegeEscalation", false},
          {"readOnlyRootFilesystem", true},
          {"capabilities", {{"drop", json::array{"ALL"}}}}};
}

json::array server_mounts(crd::ValkeyClusterSpec const& spec) {
  json::array mounts{mount("data", folders::data, false), mount("config", folders::config),
                     mount("credentials", folders::credentials)};
  if (spec.tls.enabled) mounts.push_back(mount("tls", folders::tls));
  return mounts;
}

std::string reference(std::string const& repository, std::string const& tag) {
  return repository + ":" + tag;
}

/// A server may load for an hour before it counts as not started; once it has, it is restarted only
/// when it has said nothing at all for a minute.
json::object server(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  auto const& spec = cluster.spec;
  auto container = script("start.sh");
  container["name"] = server_container;
  container["image"] = reference(spec.image.repository, spec.image.tag);
  container["imagePullPolicy"] = mapping::encode(spec.image.pull_policy);
  container["env"] =
      json::array{from_field("POD_IP", "status.podIP"), from_field("POD_NAME", "metadata.name"),
                  json::object{{"name", "POD_HOST"}, {"value", names.host("$(POD_NAME)")}}};
  container["ports"] = json::array{port("client", crd::client_port), port("bus", crd::bus_port)};
  container["volumeMounts"] = server_mounts(spec);
  container["resources"] = mapping::encode(spec.resources);
  container["startupProbe"] = probe("live", {.period = 1, .failures = 3600});
  container["livenessProbe"] = probe("live", {.period = 10, .failures = 6});
  container["readinessProbe"] = probe("ready", {.period = 3, .failures = 2});
  container["lifecycle"] = json::object{{"preStop", {{"exec", script("stop.sh")}}}};
  container["terminationMessagePolicy"] = "FallbackToLogsOnError";
  container["securityContext"] = restricted();
  return container;
}

json::object variable(std::string_view name, std::string_view value) {
  return {{"name", name}, {"value", value}};
}

/// The server is asked over the pod's own loopback, so that its certificate need not name that.
json::array exporter_environment(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  auto const& spec = cluster.spec;
  std::string const scheme = spec.tls.enabled ? "rediss" : "redis";
  json::object const password{{"name", names.credentials_secret()},
                              {"key", keys::exporter_password}};
  json::array all{
      variable("REDIS_ADDR", scheme + "://localhost:" + std::to_string(crd::client_port)),
      variable("REDIS_USER", users::exporter),
      json::object{{"name", "REDIS_PASSWORD"}, {"valueFrom", {{"secretKeyRef", password}}}},
      variable("REDIS_EXPORTER_WEB_LISTEN_ADDRESS", ":" + std::to_string(spec.metrics.port))};
  if (!spec.tls.enabled) return all;
  all.push_back(variable("REDIS_EXPORTER_SKIP_TLS_VERIFICATION", "true"));
  all.push_back(
      variable("REDIS_EXPORTER_TLS_CLIENT_CERT_FILE", in_folder(folders::tls, "tls.crt")));
  all.push_back(variable("REDIS_EXPORTER_TLS_CLIENT_KEY_FILE", in_folder(folders::tls, "tls.key")));
  return all;
}

json::object exporter(crd::ValkeyCluster const& cluster) {
  auto const& wanted = cluster.spec.metrics;
  json::object container{{"name", exporter_container},
                         {"image", reference(wanted.image.repository, wanted.image.tag)},
                         {"imagePullPolicy", mapping::encode(wanted.image.pull_policy)},
                         {"env", exporter_environment(cluster)},
                         {"ports", json::array{port("metrics", wanted.port)}},
                         {"resources", mapping::encode(wanted.resources)},
                         {"securityContext", restricted()}};
  if (cluster.spec.tls.enabled) container["volumeMounts"] = json::array{mount("tls", folders::tls)};
  return container;
}

json::object item(std::string_view key) { return {{"key", key}, {"path", key}}; }

/// The pod has no use for the operator's password, and gets none.
json::array volumes(crd::ValkeyCluster const& cluster) {
  crd::Names const names{cluster.metadata};
  auto const& spec = cluster.spec;
  json::object const config{{"name", names.config_map()}, {"defaultMode", 0444}};
  json::object const credentials{
      {"secretName", names.credentials_secret()},
      {"defaultMode", 0440},
      {"items", json::array{item(keys::users_acl), item(keys::replication_conf),
                            item(keys::probe_password)}}};
  json::array all{json::object{{"name", "config"}, {"configMap", config}},
                  json::object{{"name", "credentials"}, {"secret", credentials}}};
  if (spec.tls.enabled) {
    json::object const tls{{"secretName", spec.tls.secret_name.value_or(names.certificate())},
                           {"defaultMode", 0440}};
    all.push_back(json::object{{"name", "tls"}, {"secret", tls}});
  }
  if (!spec.persistence.enabled)
    all.push_back(json::object{{"name", "data"}, {"emptyDir", json::object{}}});
  return all;
}

json::object metadata(crd::ValkeyCluster const& cluster, int shard) {
  auto const& spec = cluster.spec;
  auto labels = shard_labels(crd::Names{cluster.metadata}, shard);
  for (auto const& [key, value] : spec.pod_labels) labels.insert_or_assign(key, value);
  json::object annotations{{revision_annotation, pod_revision(spec)}};
  if (spec.tls.enabled) annotations[tls_annotation] = "true";
  for (auto const& [key, value] : spec.pod_annotations) annotations.insert_or_assign(key, value);
  return {{"labels", std::move(labels)}, {"annotations", std::move(annotations)}};
}

}  // namespace

json::object pod_template(crd::ValkeyCluster const& cluster, int shard) {
  auto const& spec = cluster.spec;
  json::array containers{server(cluster)};
  if (spec.metrics.enabled) containers.push_back(exporter(cluster));
  auto pod = scheduling(cluster, shard);
  pod["containers"] = std::move(containers);
  pod["volumes"] = volumes(cluster);
  pod["terminationGracePeriodSeconds"] = 180;  // hand over, wait for replicas, save
  pod["automountServiceAccountToken"] = false;
  pod["enableServiceLinks"] = false;
  pod["securityContext"] = json::object{{"runAsNonRoot", true},
                                        {"runAsUser", server_user},
                                        {"runAsGroup", server_user},
                                        {"fsGroup", server_user},
                                        {"fsGroupChangePolicy", "OnRootMismatch"},
                                        {"seccompProfile", {{"type", "RuntimeDefault"}}}};
  if (!spec.image.pull_secrets.empty())
    pod["imagePullSecrets"] = mapping::encode(spec.image.pull_secrets);
  return {{"metadata", metadata(cluster, shard)}, {"spec", std::move(pod)}};
}

}  // namespace cluster::desired
