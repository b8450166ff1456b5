#include "operator/cluster/actions.hpp"

#include "test/support/present.hpp"
#include "test/support/settled.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fmt/core.h>
#include <fmt/ranges.h>

namespace {

using namespace cluster;

Plan planned(Settled const& seen) {
  Configured told;
  for (auto const& server : seen.view.servers)
    told[server.run_id] = settings_revision(seen.cluster.spec);
  return cluster::plan(State::Running, {.spec = seen.cluster.spec,
                                        .names = crd::Names{seen.cluster.metadata},
                                        .view = seen.view,
                                        .configured = told});
}

std::vector<std::string> kinds(Plan const& plan) {
  std::vector<std::string> all;
  for (auto const& stage : plan.stages)
    for (auto const& step : stage) all.emplace_back(kind_of(step));
  return all;
}

bool has(Plan const& plan, std::string_view kind) {
  return std::ranges::any_of(kinds(plan), [&](std::string const& one) { return one == kind; });
}

/// Makes a server see its cluster as this text has it.
void let_see(Server& server, std::string const& nodes) {
  server.topology = valkey::Topology::parse(nodes).value();
}

std::string line(Server const& of, std::string_view flags, std::string_view primary,
                 std::string const& slots) {
  return fmt::format("{} {}:6379@16379,{} {} {} 0 1 {} connected {}\n", of.id().text(), of.ip,
                     of.myself().address.hostname, flags, primary, of.myself().config_epoch, slots);
}

}  // namespace

SCENARIO("[H8][H12] whoever is silent, nothing is done that could cost what it may hold") {
  for (auto const* const pod :
       {"cache-0-0", "cache-0-1", "cache-1-0", "cache-1-1", "cache-2-0", "cache-2-1"}) {
    Settled seen;
    seen.silence(pod, "no answer");
    auto const plan = planned(seen);
    INFO(pod << ": " << fmt::format("{}", fmt::join(kinds(plan), ", ")));
    CHECK(plan.stages.empty());
    CHECK_FALSE(plan.waits.empty());
  }
}

SCENARIO("[H58] from a primary that is silent nobody takes over by our will") {
  Settled seen{1, 1};
  auto const owner = seen.view.owner_of(0)->place.pod_name;
  seen.silence(owner, "no answer");
  CHECK(planned(seen).stages.empty());
}

SCENARIO("[H7] what a stale replica says of others does not count") {
  Settled seen;
  auto const& owner = *seen.view.owner_of(0);
  auto const& other = *seen.view.owner_of(1);
  auto& replica = *std::ranges::find_if(
      seen.view.servers, [&](Server const& server) { return server.follows(owner.id()); });
  auto const slots = owner.myself().slots.text();
  auto const both = owner.myself().slots | other.myself().slots;
  std::string nodes = line(replica, "myself,slave", owner.id().text(), "");
  for (auto const& server : seen.view.servers) {
    if (&server == &replica) continue;
    bool const is_usurper = &server == &other;
    bool const is_primary = server.owns_slots() && &server != &owner;
    auto own = is_primary ? server.myself().slots.text() : std::string{};
    if (is_usurper) own = both.text();
    nodes += line(server, "master", "-", own);
  }
  let_see(replica, nodes);
  auto const plan = planned(seen);
  CHECK(seen.view.owner_of(0)->myself().slots.text() == slots);
  CHECK(plan.stages.empty());
  CHECK(plan.events == std::vector{Event::Unsettled});
}

SCENARIO("[H13][H59] a dead primary is not forgotten while it has slots or a replica") {
  Settled seen;
  auto const dead = *seen.view.owner_of(0);
  std::erase_if(seen.view.servers, [&](Server const& server) { return server.id() == dead.id(); });
  auto const plan = planned(seen);
  CHECK(std::ranges::count(plan.events, Event::GhostsKnown) == 1);
  CHECK_FALSE(has(plan, "Forget"));
  CHECK_FALSE(has(plan, "AssignSlots"));
}

SCENARIO("[H59] a node with neither is forgotten by all who know it") {
  Settled seen;
  auto const gone = *std::ranges::find_if(
      seen.view.servers, [](Server const& server) { return !server.owns_slots(); });
  std::erase_if(seen.view.servers, [&](Server const& server) { return server.id() == gone.id(); });
  auto const plan = planned(seen);
  REQUIRE(kinds(plan) == std::vector<std::string>{"Forget"});
  CHECK(std::get<Forget>(plan.stages[0][0]).members().size() == 5);
  CHECK(std::get<Forget>(plan.stages[0][0]).ghost() == gone.id());
}

namespace {

/// As it sees itself.
std::string line_of(Server const& server) {
  if (server.owns_slots()) return line(server, "master", "-", server.myself().slots.text());
  return line(server, "slave", present(server.myself().primary).text(), "");
}

/// It has lost its nodes.conf, and nothing else: it is another node by now.
void return_as_another(Server& server, std::string const& slots, int number = 4711) {
  auto const text = fmt::format("{:040x} {}:6379@16379,{} myself,master - 0 1 0 connected {}\n",
                                number, server.ip, server.myself().address.hostname, slots);
  let_see(server, text);
  server.replication = {};
  server.run_id = "another";
  server.keys = 7;
}

}  // namespace

SCENARIO("[H63] a primary that came back as another node is not met while its replica has all") {
  Settled seen;
  auto& server = seen.server("cache-0-0");
  return_as_another(server, "5 7");
  auto const plan = planned(seen);
  CHECK(plan.stages.empty());
  CHECK(plan.events.front() == Event::OwnersMissing);
  CHECK(seen.view.owner_of(0) == nullptr);

  WHEN("its replica has taken over") {
    auto& replica = seen.server("cache-0-1");
    std::string nodes = line(replica, "myself,master", "-", "0-5460");
    for (auto const& other : seen.view.servers)
      if (other.place.shard != 0) nodes += line_of(other);
    let_see(replica, nodes);
    auto const after = planned(seen);
    CHECK_FALSE(has(after, "Meet"));
    CHECK_FALSE(has(after, "Follow"));
    CHECK_FALSE(has(after, "AssignSlots"));
    CHECK(unsettled(seen.view).find("came back as another node") != std::string::npos);
  }
}

SCENARIO("[H63] who came back with the last copy is vouched for before it meets anybody") {
  Settled seen{3, 0};
  return_as_another(seen.server("cache-1-0"), "5461 6000");
  auto const plan = planned(seen);
  REQUIRE(kinds(plan) == std::vector<std::string>{"AssignSlots"});
  auto const& step = std::get<AssignSlots>(plan.stages[0][0]);
  CHECK(step.owner().pod_name == "cache-1-0");
  CHECK(step.slots().count() == 5461 - 2);
  auto const epoch = present(step.epoch());
  for (auto const& server : seen.view.servers) CHECK(epoch > server.myself().config_epoch);
}

SCENARIO(
    "a shard that was lost whole begins anew: no replica that is gone as well is to be elected") {
  Settled seen;
  int number = 4711;
  for (auto const* const pod : {"cache-1-0", "cache-1-1"}) {
    return_as_another(seen.server(pod), "", number++);
    seen.server(pod).keys = 0;
  }
  auto const plan = planned(seen);
  REQUIRE(has(plan, "AssignSlots"));
  CHECK(std::get<AssignSlots>(plan.stages.back()[0]).owner().pod_name == "cache-1-0");
}

SCENARIO("[H57] an empty replica takes over from nobody while another holds the data") {
  Settled seen{1, 2};
  auto const lost = *seen.view.owner_of(0);
  std::vector<Server*> replicas;
  for (auto& server : seen.view.servers)
    if (server.follows(lost.id())) replicas.push_back(&server);
  REQUIRE(replicas.size() == 2);
  auto& empty = *replicas[0];
  auto& holder = *replicas[1];
  return_as_another(seen.server(lost.place.pod_name), "");
  seen.server(lost.place.pod_name).keys = 0;
  for (auto* const server : replicas) {
    server->keys = 0;
    server->replication.offset = 0;
  }
  holder.keys = 5;

  WHEN("that one still follows an earlier primary") {
    let_see(holder, line(holder, "myself,slave", fmt::format("{:040x}", 4712), "") +
                        line(lost, "master", "-", "0-16383") +
                        line(empty, "slave", lost.id().text(), ""));
    auto const plan = planned(seen);
    CHECK_FALSE(has(plan, "TakeOver"));
    REQUIRE(has(plan, "Follow"));
    CHECK(std::get<Follow>(plan.stages[0][0]) ==
          Follow{.replica = {holder.place.pod_name, holder.ip, holder.id()}, .primary = lost.id()});
  }
  WHEN("both follow the lost one") {
    auto const plan = planned(seen);
    REQUIRE(kinds(plan) == std::vector<std::string>{"TakeOver"});
    CHECK(std::get<TakeOver>(plan.stages[0][0]).replica().id == holder.id());
  }
  WHEN("the slots are the lost one's in no replica's own view, from which it would take them") {
    for (auto* const server : replicas)
      let_see(*server,
              line(*server, "myself,slave", lost.id().text(), "") + line(lost, "master", "-", ""));
    CHECK_FALSE(has(planned(seen), "TakeOver"));
  }
  WHEN("the empty one is not empty, but loads what it has") {
    empty.is_loading = true;
    CHECK_FALSE(has(planned(seen), "TakeOver"));
  }
}

SCENARIO("who loads what may be the last copy is waited for") {
  Settled seen{3, 0};
  return_as_another(seen.server("cache-1-0"), "");
  seen.server("cache-1-0").is_loading = true;
  CHECK(planned(seen).stages.empty());
}

SCENARIO("a server of an earlier cluster, with slots that are somebody's, is met by nobody") {
  Settled seen{3, 0};
  auto& server = seen.server("cache-1-0");
  auto const text = fmt::format(
      "{:040x} {}:6379@16379,h myself,master - 0 1 99 connected 0-9\n"
      "{:040x} 10.9.9.9:6379@16379,x master - 0 1 98 connected 10-20\n",
      4711, server.ip, 4712);
  let_see(server, text);
  server.keys = 7;
  CHECK_FALSE(has(planned(seen), "Meet"));
  CHECK(unsettled(seen.view).find("an earlier cluster's") != std::string::npos);
}
