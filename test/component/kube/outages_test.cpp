#include "test/component/faults/proxied.hpp"
#include "test/component/kube/followed.hpp"
#include "test/support/faults/account.hpp"
#include "test/support/folder.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace faults;
using namespace std::chrono_literals;
using Component = ControlPlane::Component;

namespace {

struct World {
  ControlPlane control_plane;
  Namespace space;

  World() { make("a", "1"); }

  void make(std::string const& name, std::string const& value) const {
    ControlPlane::kubectl({"create", "configmap", name, "--namespace", space.name(),
                           "--from-literal=value=" + value});
  }
  void unmake(std::string const& name) const {
    ControlPlane::kubectl({"delete", "configmap", name, "--namespace", space.name()});
  }
};

std::string const well;

std::string failure_of(Result<> const& result) { return result ? "" : result.error().message; }

}  // namespace

SCENARIO("an API server that is killed and comes back is followed on") {
  World world;
  CHECK(failure_of(follow(config_for(world.control_plane.api_server()), world.space.name(),
                          [&](Followed& followed) -> Task<> {
                            CO_TRY(co_await followed.knows({{"a", "1"}}));
                            world.control_plane.kill(Component::KubeApiServer);
                            world.control_plane.start(Component::KubeApiServer);
                            world.make("b", "1");
                            world.unmake("a");
                            CO_TRY(co_await followed.knows({{"b", "1"}}));
                            CHECK(followed.changes() == 3);
                            co_return ok;
                          })) == well);
}

SCENARIO("a watch whose past etcd has forgotten leads to a new list") {
  Proxied const direct;
  ControlPlane::kubectl(
      {"create", "configmap", "a", "--namespace", direct.space.name(), "--from-literal=value=1"});
  auto& proxy = const_cast<FaultProxy&>(direct.proxy);
  CHECK(failure_of(follow(
            config_for(proxy.address()), direct.space.name(), [&](Followed& followed) -> Task<> {
              CO_TRY(co_await followed.knows({{"a", "1"}}));
              proxy.freeze("configmaps");
              for (auto const* const name : {"b", "c", "d"})
                ControlPlane::kubectl({"create", "configmap", name, "--namespace",
                                       direct.space.name(), "--from-literal=value=1"});
              direct.remove("configmap", "a");
              direct.remove("configmap", "b");
              ControlPlane::compact();
              ControlPlane::restart(Component::KubeApiServer);
              proxy.reset_connections();
              proxy.thaw("configmaps");
              CO_TRY(co_await followed.knows({{"c", "1"}, {"d", "1"}}));
              // "a" is gone though nobody said so, and "b" was never there.
              CHECK(followed.changes() == 4);
              co_return ok;
            })) == well);
  auto const seen = direct.proxy.journal().entries();
  auto const gone = std::ranges::count_if(seen, [](Exchange const& exchange) {
    return exchange.call.query.contains("sendInitialEvents");
  });
  CHECK(gone == 2);
}

SCENARIO("rights that are granted later are enough, and those taken away lose nothing") {
  World world;
  Account account{world.control_plane, world.space, "watcher"};
  CHECK(failure_of(follow(config_for(world.control_plane.api_server(), account.token()),
                          world.space.name(), [&](Followed& followed) -> Task<> {
                            auto& clock = system_clock();
                            CO_TRY(co_await clock.until(clock.now() + 100ms));
                            CHECK_FALSE(followed.store().synced());
                            account.grant("list,watch", "configmaps");
                            CO_TRY(co_await followed.knows({{"a", "1"}}));
                            world.make("b", "1");
                            CO_TRY(co_await followed.knows({{"a", "1"}, {"b", "1"}}));
                            co_return ok;
                          })) == well);
}

SCENARIO("a server that is too busy for us is waited for") {
  World world;
  Account account{world.control_plane, world.space, "throttled"};
  account.grant("list,watch", "configmaps");
  account.throttle();
  CHECK(failure_of(follow(config_for(world.control_plane.api_server(), account.token()),
                          world.space.name(), [&](Followed& followed) -> Task<> {
                            auto& clock = system_clock();
                            CO_TRY(co_await clock.until(clock.now() + 200ms));
                            CHECK_FALSE(followed.store().synced());
                            account.unthrottle();
                            co_return co_await followed.knows({{"a", "1"}});
                          })) == well);
}

SCENARIO("an authority that is rotated while we run is trusted from then on") {
  World world;
  Folder const folder;
  auto config = config_for(world.control_plane.api_server());
  config.tls.authorities = net::PemFile{folder.write("ca.crt", ControlPlane::first_authority())};
  auto const& space = world.space.name();
  CHECK(failure_of(follow(config, space, [&](Followed& followed) -> Task<> {
          CO_TRY(co_await followed.knows({{"a", "1"}}));
          ControlPlane::rotate_authority();
          folder.replace("ca.crt", ControlPlane::next_authority());
          world.make("b", "1");
          co_return co_await followed.knows({{"a", "1"}, {"b", "1"}});
        })) == well);
  ControlPlane::rotate_authority();
}

SCENARIO("ten thousand objects are listed and watched") {
  World world;
  constexpr int objects = 10'000;
  auto const make_all = [&](kube::Client& client) -> Task<> {
    auto const make_some = [](kube::Client& maker, std::string space, int first,
                              int step) -> Task<> {
      for (int i = first; i < objects; i += step) {
        kube::ObjectRef const ref{space, fmt::format("many-{}", i)};
        CO_TRY(co_await maker.create(kube::kinds::config_map, ref, config_map(ref, "1")));
      }
      co_return ok;
    };
    co_return co_await together([&](TaskGroup& group) {
      for (int i = 0; i < 16; ++i) group.spawn(make_some(client, world.space.name(), i, 16));
    });
  };
  REQUIRE(failure_of(ask(world.control_plane.api_server(), make_all)) == well);
  Followed::Values wanted{{"a", "1"}};
  for (int i = 0; i < objects; ++i) wanted[fmt::format("many-{}", i)] = "1";
  auto const see_all = [&](Followed& followed) -> Task<> {
    CO_TRY(co_await followed.knows(wanted));
    world.unmake("many-77");
    wanted.erase("many-77");
    co_return co_await followed.knows(wanted);
  };
  CHECK(failure_of(follow(config_for(world.control_plane.api_server()), world.space.name(),
                          see_all)) == well);
}
