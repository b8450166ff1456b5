#include "webhook/policies/policies.hpp"

#include <fmt/core.h>

namespace webhook::policies {
namespace {

Findings shrinks(std::string_view field, std::int64_t before, std::int64_t after) {
  if (after >= before) return {};
  return {
      {.field = std::string{field},
       .message = fmt::format("{} to {}: the data of {} shard{} moves to those that stay, which "
                              "have to have room for it",
                              before, after, before - after, before - after == 1 ? "" : "s")}};
}

}  // namespace

/// Fewer shards hold the same data.
constinit Policy const scale_in{
    .name = "scale-in",
    .usual = Mode::Warn,
    .of_cluster_change =
        [](crd::ValkeyCluster const& before, crd::ValkeyCluster const& after) {
          return shrinks("spec.shards", before.spec.shards, after.spec.shards);
        },
    .of_scale_change = [](std::int64_t before,
                          std::int64_t after) { return shrinks("spec.replicas", before, after); }};

}  // namespace webhook::policies
