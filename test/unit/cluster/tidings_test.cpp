#include "operator/cluster/tidings.hpp"

#include "test/support/present.hpp"
#include "test/support/settled.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using cluster::State;
using cluster::Tiding;
using kube::EventType;

std::vector<std::string> reasons(crd::ValkeyClusterStatus const& before,
                                 crd::ValkeyClusterStatus const& after) {
  std::vector<std::string> all;
  for (auto const& tiding : cluster::tidings(before, after)) all.push_back(tiding.reason);
  return all;
}

}  // namespace

SCENARIO("a cluster that was created is told once") {
  Settled seen;
  auto const after = seen.report();
  CHECK(cluster::tidings({}, after) ==
        std::vector<Tiding>{
            {EventType::Normal, "Created", "Create", "serves 16384/16384 slots with 3/3 shards"}});
  CHECK(cluster::tidings(after, after).empty());
}

SCENARIO("another primary is told, by whom and from whom") {
  Settled const seen;
  auto const before = seen.report();
  auto after = before;
  auto& shard = after.shards.front();
  shard.primary = {.pod = "cache-0-7", .node_id = "other"};
  CHECK(cluster::tidings(before, after) ==
        std::vector<Tiding>{
            {EventType::Normal, "PrimaryChanged", "Observe",
             "cache-0: cache-0-7 took over from " + present(before.shards.front().primary).pod}});
  shard.primary = {.pod = present(before.shards.front().primary).pod, .node_id = "other"};
  CHECK(cluster::tidings(before, after).front().note.contains("began anew, without its data"));
  shard.primary.reset();
  CHECK(cluster::tidings(before, after).empty());
}

SCENARIO("what breaks is a warning, and that it was mended is told") {
  Settled seen;
  auto const well = seen.report();
  seen.problems = {{cluster::Trouble::SecretMissing, "Secret demo/x is missing"}};
  auto const broken = seen.report();
  CHECK(cluster::tidings(well, broken) ==
        std::vector<Tiding>{
            {EventType::Warning, "SecretMissing", "Observe", "Secret demo/x is missing"}});
  seen.problems = {{cluster::Trouble::ObjectRefused, "quota"}};
  CHECK(reasons(broken, seen.report()) == std::vector<std::string>{"ObjectRefused"});
  CHECK(reasons(broken, well) == std::vector<std::string>{"Recovered"});
}

SCENARIO("slots that are served no more are told") {
  Settled const seen;
  auto const before = seen.report();
  auto after = before;
  for (auto& condition : after.conditions)
    if (condition.type == cluster::conditions::slots_covered) {
      condition.status = crd::Truth::False;
      condition.message = "nobody serves 0-5460";
    }
  CHECK(cluster::tidings(before, after) ==
        std::vector<Tiding>{
            {EventType::Warning, "SlotsUnserved", "Observe", "nobody serves 0-5460"}});
}
