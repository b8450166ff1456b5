#include "common/ascii.hpp"
#include "common/crd/memory.hpp"
#include "webhook/policies/policies.hpp"

#include <algorithm>

namespace webhook::policies {
namespace {

constexpr std::int64_t least_majority = 3;

Finding few_shards(std::string_view field, std::int64_t shards) {
  return {.field = std::string{field},
          .message = std::to_string(shards) +
                     ": with fewer than 3 shards there is no majority that could fail over "
                     "without the operator"};
}

bool is_latest(crd::ImageSpec const& image) {
  return image.tag.substr(0, image.tag.find('@')) == "latest";
}

Findings of_cluster(crd::ValkeyCluster const& cluster) {
  auto const& spec = cluster.spec;
  Findings found;
  if (spec.shards < least_majority) found.push_back(few_shards("spec.shards", spec.shards));
  bool const is_lost_at_once = spec.replicas_per_shard == 0 && !spec.persistence.enabled;
  if (is_lost_at_once)
    found.push_back({.field = "spec.persistence.enabled",
                     .message = "false, and there are no replicas: the data of a pod that ends is "
                                "lost"});
  else if (spec.replicas_per_shard == 0)
    found.push_back({.field = "spec.replicasPerShard",
                     .message = "0: while a pod is away, nobody serves its slots"});
  if (is_latest(spec.image))
    found.push_back({.field = "spec.image.tag",
                     .message = "latest: pods of one cluster may run different versions, and no "
                                "downgrade is noticed: name a version"});
  if (!crd::memory_limit(spec) && !spec.config.contains("maxmemory"))
    found.push_back({.field = "spec.resources.limits",
                     .message = "no memory limit and no maxmemory: data may grow until the node "
                                "has no memory left"});
  for (std::size_t index = 0; auto const& user : spec.users) {
    auto const field = "spec.users[" + std::to_string(index++) + "].raw";
    if (std::ranges::any_of(user.raw,
                            [](std::string const& rule) { return rule.starts_with('>'); }))
      found.push_back({.field = field,
                       .message = "a password in clear, which all can read who may read the "
                                  "cluster: put it into a Secret and name that in "
                                  "passwordSecrets"});
  }
  return found;
}

}  // namespace

/// What is legal, and may be meant.
constinit Policy const risks{
    .name = "risks",
    .usual = Mode::Warn,
    .of_cluster = of_cluster,
    .of_scale_change = [](std::int64_t before, std::int64_t after) -> Findings {
      if (after >= least_majority || after == before) return {};
      return {few_shards("spec.replicas", after)};
    }};

}  // namespace webhook::policies
