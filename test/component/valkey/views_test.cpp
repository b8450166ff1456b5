#include "common/valkey/info.hpp"
#include "common/valkey/replication.hpp"
#include "common/valkey/topology.hpp"
#include "test/component/valkey/asked.hpp"
#include "test/support/present.hpp"
#include "test/support/run.hpp"
#include "test/support/valkey_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <csignal>

using valkey::Command;
using valkey::Connection;
using valkey::Facts;
using valkey::Topology;

namespace {

using namespace std::chrono_literals;

Task<Topology> view_of(Connection& connection) {
  CO_TRY(auto const text, co_await text_of(connection, Command{"CLUSTER", "NODES"}));
  co_return Topology::parse(text);
}

Task<Facts> facts_of(Connection& connection, Command command) {
  CO_TRY(auto const text, co_await text_of(connection, std::move(command)));
  co_return Facts::parse(text);
}

/// What a node that stands alone says of its cluster, once it has got some slots.
Task<Topology> lone_view(net::Endpoint node) {
  CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
  CO_TRY(co_await text_of(connection, Command{"CLUSTER", "ADDSLOTSRANGE", "0", "5460", "5462",
                                              "5462", "16383", "16383"}));
  CO_TRY(auto const id, co_await text_of(connection, Command{"CLUSTER", "MYID"}));
  CO_TRY(auto view, co_await view_of(connection));
  CHECK(view.myself().id.text() == id);
  co_return view;
}

Task<Topology> view_of_two(net::Endpoint node, net::Endpoint other, std::uint16_t bus_port) {
  CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
  CO_TRY(
      co_await text_of(connection, Command{"CLUSTER", "MEET", other.host,
                                           std::to_string(other.port), std::to_string(bus_port)}));
  while (true) {
    CO_TRY(auto view, co_await view_of(connection));
    bool const is_whole = view.nodes().size() == 2 && !view.nodes()[0].is_in_handshake &&
                          !view.nodes()[1].is_in_handshake &&
                          view.nodes()[0].link == view.nodes()[1].link;
    if (is_whole) co_return view;
  }
}

Task<> take_slots(net::Endpoint node, std::string slot) {
  CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
  CO_TRY(co_await text_of(connection, Command{"CLUSTER", "ADDSLOTSRANGE", slot, slot}));
  co_return ok;
}

/// Asks on until the node counts so many primaries as a majority is reckoned of.
Task<> count_primaries(net::Endpoint node, std::int64_t wanted) {
  CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
  while (true) {
    CO_TRY(auto const facts, co_await facts_of(connection, Command{"CLUSTER", "INFO"}));
    CO_TRY(auto const size, facts.integer("cluster_size"));
    if (size == wanted) co_return ok;
  }
}

/// Asks on until the other node is no longer in good health.
Task<valkey::Health> health_of_other(net::Endpoint node) {
  CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
  while (true) {
    CO_TRY(auto const view, co_await view_of(connection));
    auto const& other = view.nodes()[view.nodes()[0].is_myself ? 1 : 0];
    if (other.health != valkey::Health::Good) co_return other.health;
  }
}

Task<valkey::Replication> replication_when_up(net::Endpoint node) {
  CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
  while (true) {
    CO_TRY(auto const facts, co_await facts_of(connection, Command{"INFO", "replication"}));
    CO_TRY(auto replication, valkey::replication_of(facts));
    if (replication.link && replication.link->status == valkey::PrimaryLink::Status::Up)
      co_return replication;
  }
}

}  // namespace

SCENARIO("what a node of a cluster says of itself is understood", "[valkey]") {
  ValkeyServer const server{
      with_user({"cluster-enabled yes", "cluster-announce-hostname vk-0.vk.svc"})};
  auto const view = run(lone_view(server.endpoint())).value();
  CHECK(view.nodes().size() == 1);
  auto const& myself = view.myself();
  CHECK(myself.is_primary());
  CHECK(myself.health == valkey::Health::Good);
  CHECK(myself.slots.text() == "0-5460 5462 16383");
  CHECK(myself.address.port == server.endpoint().port);
  CHECK(myself.address.bus_port == server.bus_port());
  CHECK(myself.address.hostname == "vk-0.vk.svc");
  CHECK(myself.unknown_flags.empty());
}

SCENARIO("two nodes that have met see each other", "[valkey]") {
  ValkeyServer const one{with_user({"cluster-enabled yes"})};
  ValkeyServer const other{with_user({"cluster-enabled yes"})};
  auto const view =
      run(within(20s, view_of_two(one.endpoint(), other.endpoint(), other.bus_port()))).value();
  auto const& met = view.nodes()[view.nodes()[0].is_myself ? 1 : 0];
  CHECK(met.address.ip == "127.0.0.1");
  CHECK(met.address.port == other.endpoint().port);
  CHECK(met.pong_received);
  CHECK(view.find(met.id) == &met);
}

SCENARIO("what a server tells about its version and its cluster is understood", "[valkey]") {
  ValkeyServer const server{with_user({"cluster-enabled yes"})};
  auto const [all, cluster] =
      run([](net::Endpoint node) -> Task<std::pair<Facts, Facts>> {
        CO_TRY(auto connection, co_await Connection::open(std::move(node), as_operator()));
        CO_TRY(auto of_all, co_await facts_of(connection, Command{"INFO", "everything"}));
        CO_TRY(auto of_cluster, co_await facts_of(connection, Command{"CLUSTER", "INFO"}));
        co_return std::pair{std::move(of_all), std::move(of_cluster)};
      }(server.endpoint()))
          .value();
  CHECK(valkey::version_of(all).value() >= valkey::ServerVersion{8, 0, 0});
  CHECK(all.text("redis_version").value() == "7.2.4");
  CHECK(all.integer("loading").value() == 0);
  CHECK(all.number("mem_fragmentation_ratio").value() > 0);
  CHECK(valkey::replication_of(all).value().role == valkey::Role::Primary);
  CHECK(cluster.text("cluster_state").value() == "fail");
  CHECK(cluster.integer("cluster_slots_assigned").value() == 0);
}

SCENARIO("a primary and its replica tell of each other", "[valkey]") {
  ValkeyServer const primary{with_user({"repl-diskless-sync-delay 0"})};
  ValkeyServer const replica{
      with_user({"replicaof 127.0.0.1 " + std::to_string(primary.endpoint().port), "primaryuser op",
                 "primaryauth s3cret"})};
  auto const told = run(within(20s, replication_when_up(replica.endpoint()))).value();
  CHECK(told.role == valkey::Role::Replica);
  auto const link = present(told.link);
  CHECK(link.primary == primary.endpoint());
  CHECK_FALSE(link.is_syncing);
  auto const seen = run([](net::Endpoint node) -> Task<valkey::Replication> {
                      CO_TRY(auto connection,
                             co_await Connection::open(std::move(node), as_operator()));
                      CO_TRY(auto const facts,
                             co_await facts_of(connection, Command{"INFO", "replication"}));
                      co_return valkey::replication_of(facts);
                    }(primary.endpoint()))
                        .value();
  REQUIRE(seen.replicas.size() == 1);
  CHECK(seen.replicas[0].address.port == replica.endpoint().port);
}

SCENARIO("a node that stands still is suspected, for one node alone can't find it failed",
         "[valkey][H5]") {
  std::vector<std::string> const settings{"cluster-enabled yes", "cluster-node-timeout 500"};
  ValkeyServer const one{with_user(settings)};
  ValkeyServer const other{with_user(settings)};
  REQUIRE(run(take_slots(one.endpoint(), "0")));
  REQUIRE(run(take_slots(other.endpoint(), "1")));
  REQUIRE(run(within(20s, view_of_two(one.endpoint(), other.endpoint(), other.bus_port()))));
  REQUIRE(run(within(20s, count_primaries(one.endpoint(), 2))));
  other.send(SIGSTOP);
  CHECK(run(within(20s, health_of_other(one.endpoint()))).value() == valkey::Health::Suspected);
}
