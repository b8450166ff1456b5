#include "test/support/settled.hpp"

#include "operator/cluster/desired/stateful_set.hpp"
#include "test/support/sim/world.hpp"

#include <algorithm>
#include <fmt/core.h>

Settled::Settled(int shards, int replicas)
    : cluster{
          a_cluster(fmt::format(R"({{"shards": {}, "replicasPerShard": {}}})", shards, replicas))} {
  sim::World world{1, shards, replicas, true};
  for (int pass = 0; pass < 40; ++pass) {
    world.pass({});
    world.tick({});
  }
  view = world.view();
  for (auto& server : view.servers) {
    server.version = {.major = 9, .minor = 1, .patch = 2};
    places.push_back({.place = server.place,
                      .ip = server.ip,
                      .is_ready = true,
                      .revision = cluster::desired::pod_revision(cluster.spec),
                      .trouble = {}});
  }
}

cluster::Server& Settled::server(std::string_view pod) {
  return *std::ranges::find_if(view.servers,
                               [&](cluster::Server const& it) { return it.place.pod_name == pod; });
}

cluster::PodPlace& Settled::place(std::string_view pod) {
  return *std::ranges::find_if(
      places, [&](cluster::PodPlace const& it) { return it.place.pod_name == pod; });
}

void Settled::silence(std::string_view pod, std::string why) {
  auto const found = std::ranges::find_if(
      view.servers, [&](cluster::Server const& it) { return it.place.pod_name == pod; });
  view.silent.push_back({found->place, std::move(why)});
  view.servers.erase(found);
}

crd::ValkeyClusterStatus Settled::report() const {
  return cluster::report({.cluster = cluster,
                          .places = places,
                          .view = view,
                          .plan = plan,
                          .problems = problems,
                          .is_new = is_new,
                          .doing = {},
                          .restarts = {},
                          .now = "2026-01-02T03:04:05Z"});
}
