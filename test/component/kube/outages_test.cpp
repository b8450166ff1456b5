#include "test/component/faults/proxied.hpp"
#include "test/component/kube/followed.hpp"
#include "test/support/faults/account.hpp"
#include "test/support/faults/until.hpp"
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

/// The same world as an account sees it, behind a proxy that notes every answer.
struct Guarded : World {
  FaultProxy proxy{control_plane.api_server()};
  Account account{control_plane, space, "watcher"};

  static std::ptrdiff_t count(std::vector<Exchange> const& seen, unsigned status) {
    return std::ranges::count(seen, status, &Exchange::server_status);
  }
  auto answers(unsigned status) const { return count(proxy.journal().entries(), status); }

  /// Ends once there are more such answers of the API server than there were `before`.
  Task<> answered(unsigned status, std::ptrdiff_t before = 0) const {
    return until(proxy.journal(),
                 [=](std::vector<Exchange> const& seen) { return count(seen, status) > before; });
  }
  Result<> follow(FollowedWork work) const {
    return ::follow(config_for(proxy.address(), account.token()), space.name(), std::move(work));
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
  Proxied direct;
  ControlPlane::kubectl(
      {"create", "configmap", "a", "--namespace", direct.space.name(), "--from-literal=value=1"});
  auto& proxy = direct.proxy;
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
  Guarded world;
  CHECK(failure_of(world.follow([&](Followed& followed) -> Task<> {
          CO_TRY(co_await world.answered(403));
          CHECK_FALSE(followed.store().synced());
          world.account.grant("list,watch", "configmaps");
          CO_TRY(co_await followed.knows({{"a", "1"}}));
          world.make("b", "1");
          CO_TRY(co_await followed.knows({{"a", "1"}, {"b", "1"}}));

          auto const refusals = world.answers(403);
          world.account.revoke_rights();
          world.proxy.end_watches("configmaps", {});
          CO_TRY(co_await world.answered(403, refusals));
          CO_TRY(co_await followed.knows({{"a", "1"}, {"b", "1"}}));
          world.account.grant("list,watch", "configmaps");
          world.make("c", "1");
          CO_TRY(co_await followed.knows({{"a", "1"}, {"b", "1"}, {"c", "1"}}));
          CHECK(followed.changes() == 3);
          co_return ok;
        })) == well);
}

SCENARIO("a server that is too busy for us is waited for") {
  Guarded world;
  world.account.grant("list,watch", "configmaps");
  world.account.throttle();
  CHECK(failure_of(world.follow([&](Followed& followed) -> Task<> {
          CO_TRY(co_await world.answered(429));
          CHECK_FALSE(followed.store().synced());
          world.account.unthrottle();
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
