#include "operator/cluster/report.hpp"

#include "operator/cluster/desired/stateful_set.hpp"
#include "test/support/present.hpp"
#include "test/support/settled.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

namespace {

namespace conditions = cluster::conditions;
using cluster::State;
using crd::ClusterPhase;
using crd::Truth;

crd::Condition const& condition(crd::ValkeyClusterStatus const& status, std::string_view type) {
  auto const* const found = cluster::find(status.conditions, type);
  REQUIRE(found);
  return *found;
}

Truth truth(crd::ValkeyClusterStatus const& status, std::string_view type) {
  return condition(status, type).status;
}

}  // namespace

SCENARIO("a cluster that is as it should be is told as it is") {
  Settled seen;
  seen.cluster.metadata.generation = 7;
  auto const status = seen.report();
  CHECK(status.phase == ClusterPhase::Running);
  CHECK(status.message.empty());
  CHECK(status.observed_generation == 7);
  CHECK(status.ready_shards == "3/3");
  CHECK(status.slots == "16384/16384");
  CHECK(status.version == "9.1.2");
  CHECK(status.endpoint == "cache.demo.svc:6379");
  CHECK(status.replicas == 3);
  CHECK(status.selector == "valkey-operator.dev/cluster=cache");
  CHECK_FALSE(status.operation);
  for (auto const type : {conditions::ready, conditions::slots_covered,
                          conditions::replicas_in_sync, conditions::view_complete})
    CHECK(truth(status, type) == Truth::True);
  for (auto const type : {conditions::progressing, conditions::degraded})
    CHECK(truth(status, type) == Truth::False);
  CHECK_FALSE(cluster::find(status.conditions, conditions::tls_ready));
}

SCENARIO("[H1] shards are told by the roles that servers have, whatever their pods are called") {
  Settled const seen;
  auto const status = seen.report();
  REQUIRE(status.shards.size() == 3);
  for (auto const& shard : status.shards) {
    REQUIRE(shard.replicas.size() == 1);
    CHECK(present(shard.primary).pod != shard.replicas.front().pod);
    CHECK(shard.replicas.front().link == crd::ReplicationLink::Up);
    CHECK_FALSE(shard.slots.empty());
  }
}

SCENARIO("[H72] nothing runs before its pods are ready") {
  Settled seen;
  seen.place("cache-1-0").is_ready = false;
  seen.place("cache-1-0").trouble = "is not ready: it loads";
  seen.place("cache-1-1").is_ready = false;
  auto const status = seen.report();
  CHECK(status.phase == ClusterPhase::Degraded);
  CHECK(truth(status, conditions::ready) == Truth::False);
  CHECK(status.ready_shards == "2/3");
  CHECK(condition(status, conditions::degraded).reason == "PodsNotReady");
  CHECK(status.message.contains("pod cache-1-0 is not ready: it loads"));
}

SCENARIO("[H36] servers that do not reach each other are not ready, whatever they say") {
  Settled seen;
  auto& owner = *std::ranges::find_if(
      seen.view.servers, [](cluster::Server const& server) { return server.owns_slots(); });
  std::string text;
  for (auto const& node : owner.topology.nodes()) {
    text += std::string{node.id.text()} + " 10.0.0.1:6379@16379 " +
            (node.is_myself ? "myself,master - 0 0 1 connected" : "master - 0 0 1 disconnected");
    if (!node.slots.empty()) text += " " + node.slots.text();
    text += "\n";
  }
  owner.topology = valkey::Topology::parse(text).value();
  auto const status = seen.report();
  CHECK(condition(status, conditions::ready).reason == "PrimariesApart");
  CHECK(condition(status, conditions::ready).message.contains(" is not connected to "));
}

SCENARIO("[H9][H11] who does not answer is named, and what others say of its slots counts") {
  Settled seen;
  auto const* const owner = seen.view.owner_of(2);
  auto const pod = owner->place.pod_name;
  seen.silence(pod, "no answer within 3 s");
  auto const status = seen.report();
  CHECK(truth(status, conditions::view_complete) == Truth::False);
  CHECK(condition(status, conditions::view_complete).message == pod + ": no answer within 3 s");
  CHECK(truth(status, conditions::slots_covered) == Truth::True);
  CHECK(truth(status, conditions::replicas_in_sync) == Truth::False);
  CHECK(status.slots == "16384/16384");
  CHECK(status.ready_shards == "2/3");
  CHECK(present(status.shards.back().primary).pod == pod);
}

SCENARIO("[H10] nothing is made up where nobody answers") {
  Settled seen;
  for (auto const& place : seen.places) seen.silence(place.place.pod_name, "connection refused");
  seen.plan.next = State::Healing;
  auto const status = seen.report();
  CHECK(status.phase == ClusterPhase::Degraded);
  CHECK(truth(status, conditions::ready) == Truth::False);
  CHECK(truth(status, conditions::slots_covered) == Truth::Unknown);
  CHECK(truth(status, conditions::replicas_in_sync) == Truth::Unknown);
  CHECK(status.slots.empty());
  CHECK(status.ready_shards.empty());
  CHECK(status.version.empty());
  CHECK(condition(status, conditions::view_complete).message.contains("; and 3 more"));
}

SCENARIO("[H40] slots that nobody serves are named") {
  Settled seen;
  auto const pod = seen.view.owner_of(1)->place.pod_name;
  auto const lost = seen.view.owner_of(1)->myself().slots;
  seen.silence(pod, "gone");
  for (auto& server : seen.view.servers) {
    std::string text;
    for (auto const& node : server.topology.nodes()) {
      auto const is_dead = !node.is_myself && node.slots == lost;
      text += std::string{node.id.text()} + " 10.0.0.1:6379@16379 " +
              (node.is_myself ? "myself," : "") + (is_dead ? "master,fail" : "master") +
              " - 0 0 1 connected";
      if (!node.slots.empty()) text += " " + node.slots.text();
      text += "\n";
    }
    server.topology = valkey::Topology::parse(text).value();
  }
  auto const status = seen.report();
  CHECK(truth(status, conditions::slots_covered) == Truth::False);
  CHECK(condition(status, conditions::slots_covered).message == "nobody serves " + lost.text());
  CHECK(truth(status, conditions::ready) == Truth::False);
}

SCENARIO("a cluster that comes up is not degraded, and says what it waits for") {
  Settled seen;
  seen.plan = {.next = State::Creating,
               .events = {cluster::Event::OwnersMissing},
               .stages = {},
               .waits = {"slots are nobody's"}};
  auto const status = seen.report();
  CHECK(status.phase == ClusterPhase::Creating);
  CHECK(truth(status, conditions::degraded) == Truth::False);
  CHECK(truth(status, conditions::progressing) == Truth::True);
  CHECK(condition(status, conditions::ready).reason == "Creating");
  CHECK(status.message == "slots are nobody's");
  auto const operation = present(status.operation);
  CHECK(operation.kind == "Creating");
  CHECK(operation.step == "OwnersMissing");
  CHECK(operation.started_at == "2026-01-02T03:04:05Z");
}

SCENARIO("a cluster that does not come up is degraded, unless it is new") {
  Settled seen;
  seen.plan.next = State::Creating;
  auto& place = seen.place("cache-1-0");
  place.is_ready = false;
  place.is_stuck = true;
  place.trouble = "can't be scheduled: 0/1 nodes are available";
  auto const status = seen.report();
  CHECK(condition(status, conditions::degraded).reason == "PodsNotReady");
  CHECK(status.message == "pod cache-1-0 can't be scheduled: 0/1 nodes are available");
  seen.is_new = true;
  CHECK(truth(seen.report(), conditions::degraded) == Truth::False);
}

SCENARIO("[H72] a new cluster is still being created while probes are to find its pods ready") {
  Settled seen;
  seen.place("cache-1-1").is_ready = false;
  CHECK(seen.report().phase == ClusterPhase::Degraded);
  seen.is_new = true;
  auto const status = seen.report();
  CHECK(status.phase == ClusterPhase::Creating);
  CHECK(truth(status, conditions::degraded) == Truth::False);
}

SCENARIO("what somebody else has to mend comes first") {
  Settled seen;
  seen.problems = {{cluster::Trouble::SecretMissing, "Secret demo/x is missing"}};
  auto const status = seen.report();
  CHECK(status.phase == ClusterPhase::Degraded);
  CHECK(condition(status, conditions::degraded).reason == "SecretMissing");
  CHECK(status.message == "Secret demo/x is missing");
}

SCENARIO("[H53] an invalid spec is told, and so is the cluster that runs on") {
  Settled seen;
  seen.cluster.spec.shards = 2000000000;
  seen.problems = {{cluster::Trouble::InvalidSpec, "spec.shards: at most 250"}};
  auto const status = seen.report();
  CHECK(status.phase == ClusterPhase::Failed);
  CHECK(status.message == "spec.shards: at most 250");
  CHECK(truth(status, conditions::ready) == Truth::True);
  CHECK(status.shards.size() == 3);
}

SCENARIO("a phase tells what users did") {
  Settled seen;
  seen.cluster.spec.paused = true;
  CHECK(seen.report().phase == ClusterPhase::Paused);
  seen.cluster.metadata.deletion_timestamp = "2026-01-02T03:04:05Z";
  CHECK(seen.report().phase == ClusterPhase::Deleting);
}

SCENARIO("pods that were made from another spec are told") {
  Settled seen;
  seen.cluster.spec.image.tag = "9.1.3";
  auto const status = seen.report();
  CHECK(status.phase == ClusterPhase::Running);
  CHECK(condition(status, conditions::progressing).reason == "RestartNeeded");
  CHECK(status.message.contains("cache-0-0; cache-0-1; cache-1-0; and 3 more"));
}

SCENARIO("[H47] a certificate that is missing is told by its own condition") {
  Settled seen;
  seen.cluster.spec.tls.enabled = true;
  for (auto& place : seen.places)
    place.revision = cluster::desired::pod_revision(seen.cluster.spec);
  CHECK(truth(seen.report(), conditions::tls_ready) == Truth::True);
  seen.problems = {{cluster::Trouble::CertificateMissing, "Secret demo/cache-tls is missing"}};
  CHECK(condition(seen.report(), conditions::tls_ready).message ==
        "Secret demo/cache-tls is missing");
}

SCENARIO("a time is that of the last change") {
  Settled seen;
  seen.cluster.status = seen.report();
  for (auto& one : seen.cluster.status.conditions) one.last_transition_time = "before";
  seen.place("cache-0-0").is_ready = false;
  seen.place("cache-0-1").is_ready = false;
  auto const status = seen.report();
  CHECK(condition(status, conditions::slots_covered).last_transition_time == "before");
  CHECK(condition(status, conditions::ready).last_transition_time == "2026-01-02T03:04:05Z");
}

SCENARIO("[H28] lag is told in whole MiB, and of replicas that are connected") {
  Settled seen;
  auto const* const owner = seen.view.owner_of(0);
  auto const* const pod = owner->place.ordinal == 0 ? "cache-0-1" : "cache-0-0";
  auto const lag = [&](std::int64_t behind) {
    seen.server(pod).replication.offset = owner->replication.offset - behind;
    return seen.report().shards.front().replicas.front().lag_bytes;
  };
  CHECK(lag(1000) == 0);
  CHECK(lag((5 << 20) + 1) == 5 << 20);
  seen.server(pod).replication.link = valkey::PrimaryLink{};
  auto const replica = seen.report().shards.front().replicas.front();
  CHECK(replica.link == crd::ReplicationLink::Down);
  CHECK_FALSE(replica.lag_bytes);
}

SCENARIO("texts and figures alone are no news") {
  Settled seen;
  auto const before = seen.report();
  auto after = before;
  after.message = "other";
  after.conditions.front().message = "other";
  after.shards.front().replicas.front().lag_bytes = 7;
  CHECK_FALSE(cluster::is_news(before, after));
  after.conditions.front().reason = "Other";
  CHECK(cluster::is_news(before, after));
}
