#include "common/digest.hpp"
#include "operator/cluster/lifecycle.hpp"
#include "operator/cluster/servers.hpp"
#include "test/support/clusters.hpp"
#include "test/support/run.hpp"
#include "test/support/valkey_server.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <chrono>
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <memory>
#include <set>
#include <utility>

namespace {

using namespace std::chrono_literals;
using cluster::Event;
using cluster::PodPlace;
using cluster::State;

/// Real servers in place of pods, and the passes of an operator that sees nothing else.
class World {
 public:
  World(int shards, int replicas)
      : cluster_{a_cluster(
            fmt::format(R"({{"shards": {}, "replicasPerShard": {}}})", shards, replicas))},
        names_{cluster_.metadata},
        users_{folder_.write("users.acl", acl())} {
    for (int shard = 0; shard < shards; ++shard)
      for (int ordinal = 0; ordinal <= replicas; ++ordinal) add(shard, ordinal);
  }

  /// Goes on until nothing is left to be done; how long that took.
  std::chrono::milliseconds settle() {
    auto const began = std::chrono::steady_clock::now();
    auto const settled = run(passes());
    INFO((settled ? std::string{} : settled.error().message));
    REQUIRE(settled);
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 began);
  }

  cluster::View view() {
    return run([](World& world) -> Task<cluster::View> {
             valkey::Pool pool{system_clock()};
             co_return co_await look(world.pods_, world.reach(pool));
           }(*this))
        .value();
  }

  ValkeyServer& server_at(cluster::Place const& place) {
    auto const found = std::ranges::find(pods_, place, &PodPlace::place);
    return *servers_[static_cast<std::size_t>(found - pods_.begin())];
  }

  /// As many keys, of all shards, and waits until the replicas have them.
  void write(int count) {
    auto const seen = view();
    auto const written = run([](World& world, cluster::View const& on, int most) -> Task<> {
      for (int number = 0; number < most; ++number)
        CO_TRY(co_await write_one(on, fmt::format("key{}", number)));
      for (auto const& server : on.servers)
        if (server.owns_slots()) CO_TRY(co_await world.replicated(server.ip));
      co_return ok;
    }(*this, seen, count));
    REQUIRE(written);
  }

  /// Of those who own their slots.
  std::int64_t keys() {
    std::int64_t sum = 0;
    for (auto const& server : view().servers)
      if (server.owns_slots()) sum += server.keys;
    return sum;
  }

 private:
  std::string acl() const {
    return cluster::desired::users_acl(cluster_.spec, some_credentials(),
                                       {.default_user = sha256("client"), .users = {}});
  }

  void add(int shard, int ordinal) {
    auto const pod_name = names_.pod(shard, ordinal);
    auto const ip = fmt::format("127.0.77.{}", servers_.size() + 1);
    pods_.push_back({.place = {.shard = shard, .ordinal = ordinal, .pod_name = pod_name},
                     .ip = ip,
                     .revision = {},
                     .trouble = {}});
    servers_.push_back(std::make_unique<ValkeyServer>(
        ip,
        std::vector<std::string>{
            "cluster-enabled yes", "cluster-node-timeout 5000",
            "cluster-allow-replica-migration no", "repl-diskless-sync-delay 0", "aclfile " + users_,
            "cluster-announce-ip " + ip, "cluster-announce-hostname " + names_.host(pod_name),
            fmt::format("primaryuser {}", cluster::users::replication), "primaryauth two"}));
  }

  cluster::Reach reach(valkey::Pool& pool) const {
    return {.pool = pool,
            .credentials = {.user = std::string{cluster::users::operator_},
                            .password = some_credentials().operator_},
            .tls = nullptr,
            .tls_pods = {},
            .names = names_,
            .certificate = {},
            .acl_marker = cluster::desired::acl_marker(acl())};
  }

  static Task<valkey::Reply> ask(std::string ip, valkey::Command command) {
    CO_TRY(auto connection,
           co_await valkey::Connection::open(
               {.host = std::move(ip), .port = crd::client_port},
               {.credentials = {.user = "default", .password = Secret{std::string{"client"}}},
                .tls = nullptr,
                .server_name = {}}));
    std::vector<valkey::Command> commands;
    commands.push_back(std::move(command));
    CO_TRY(auto replies, co_await connection.exchange(std::move(commands), 5s));
    co_return std::move(replies.front());
  }

  /// Whoever does not have its slot says so.
  static Task<> write_one(cluster::View const& on, std::string key) {
    for (auto const& server : on.servers) {
      if (!server.owns_slots()) continue;
      CO_TRY(auto const reply, co_await ask(server.ip, valkey::Command{"SET", key, "value"}));
      if (!reply.refusal()) co_return ok;
    }
    co_return transient("nobody takes " + key);
  }

  Task<> replicated(std::string ip) const {
    auto const replicas = std::to_string(cluster_.spec.replicas_per_shard);
    CO_TRY(auto const reply,
           co_await ask(std::move(ip), valkey::Command{"WAIT", replicas, "4000"}));
    CO_TRY(auto const reached, valkey::integer_of(reply));
    CHECK(reached == cluster_.spec.replicas_per_shard);
    co_return ok;
  }

  Task<> passes() {
    valkey::Pool pool{system_clock()};
    cluster::Configured configured;
    auto state = State::Creating;
    std::string waits;
    auto const end = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < end) {
      CO_TRY(auto const seen, co_await look(pods_, reach(pool)));
      cluster::Situation const situation{
          .spec = cluster_.spec, .names = names_, .view = seen, .configured = configured};
      auto const plan = cluster::plan(state, situation);
      state = plan.next;
      waits = fmt::format("{}; {}\n", unsettled(seen), fmt::join(plan.waits, "; "));
      if (plan.events == std::vector{Event::Settled}) co_return ok;
      for (auto const& stage : plan.stages)
        for (auto const& step : stage) {
          CO_TRY(co_await perform(step, reach(pool)));
          if (auto const* const done = std::get_if<cluster::Configure>(&step))
            if (!done->run_id.empty())
              configured[done->run_id] = cluster::settings_revision(cluster_.spec);
        }
      asio::steady_timer timer{co_await asio::this_coro::executor, 50ms};
      co_await timer.async_wait(asio::use_awaitable);
    }
    co_return transient("not settled within 20 s: " + waits);
  }

  crd::ValkeyCluster cluster_;
  crd::Names names_;
  Folder folder_;
  std::string users_;
  std::vector<PodPlace> pods_;
  std::vector<std::unique_ptr<ValkeyServer>> servers_;
};

struct Shape {
  int shards;
  int replicas;
};

}  // namespace

SCENARIO("real servers become a cluster", "[valkey][H39]") {
  auto const [shards, replicas] = GENERATE(Shape{3, 1}, Shape{1, 0}, Shape{2, 2}, Shape{5, 0});
  CAPTURE(shards, replicas);
  World world{shards, replicas};
  CHECK(world.settle() < 10s);
  auto const view = world.view();
  CHECK(view.claimed() == valkey::SlotSet::all());
  std::set<std::uint64_t> epochs;
  for (auto const& server : view.servers)
    if (server.owns_slots()) epochs.insert(server.myself().config_epoch);
  CHECK(std::cmp_equal(epochs.size(), shards));
}

SCENARIO("a replica that lost everything is filled again", "[valkey]") {
  World world{3, 1};
  world.settle();
  world.write(100);
  auto const before = world.view();
  auto const lost = std::ranges::find_if(
      before.servers, [](cluster::Server const& server) { return !server.owns_slots(); });
  world.server_at(lost->place).restart_empty();
  world.settle();
  auto const after = world.view();
  CHECK(after.find(lost->id()) == nullptr);
  CHECK(after.servers.size() == 6);
  CHECK(world.keys() == 100);
}

SCENARIO("[H37] a primary that lost everything does not empty its replica", "[valkey]") {
  auto const shards = GENERATE(1, 3);  // who elects, and who can't (H56)
  CAPTURE(shards);
  World world{shards, 1};
  world.settle();
  world.write(100);
  auto const before = world.view();
  auto const* const lost = before.owner_of(0);
  world.server_at(lost->place).restart_empty();
  world.settle();
  auto const after = world.view();
  CHECK(after.owner_of(0)->place.ordinal != lost->place.ordinal);
  CHECK(world.keys() == 100);
}

SCENARIO("a shard without replicas that lost everything serves again, empty", "[valkey]") {
  World world{3, 0};
  world.settle();
  world.write(100);
  auto const before = world.view();
  auto const left = 100 - before.servers[1].keys;
  world.server_at(before.servers[1].place).restart_empty();
  world.settle();
  auto const after = world.view();
  CHECK(after.claimed() == valkey::SlotSet::all());
  CHECK(after.servers[1].myself().slots == before.servers[1].myself().slots);
  CHECK(left < 100);
}
