#include "test/component/faults/proxied.hpp"
#include "test/component/kube/followed.hpp"
#include "test/support/faults/account.hpp"
#include "test/support/faults/until.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace faults;
using namespace std::chrono_literals;
using Values = Followed::Values;

namespace {

/// Config maps behind the proxy; kubectl goes straight to the API server.
struct World : Proxied {
  World() { make("a", "1"); }

  void make(std::string const& name, std::string const& value) const {
    ControlPlane::kubectl({"create", "configmap", name, "--namespace", space.name(),
                           "--from-literal=value=" + value});
  }
  void change(std::string const& name, std::string const& value) const {
    ControlPlane::kubectl({"patch", "configmap", name, "--namespace", space.name(), "--patch",
                           fmt::format(R"({{"data":{{"value":"{}"}}}})", value)});
  }
  void unmake(std::string const& name) const { remove("configmap", name); }

  Result<> follow(FollowedWork work, kube::WatcherSettings settings = {}) const {
    return ::follow(config_for(proxy.address()), space.name(), std::move(work), settings);
  }

  /// Which version of each object a watcher has once its first list is complete.
  std::map<std::string, std::string> versions(kube::WatcherSettings settings) const {
    std::map<std::string, std::string> found;
    CHECK(follow(
        [&](Followed& followed) -> Task<> {
          CO_TRY(co_await followed.synced());
          followed.store().for_each([&](auto const& object) {
            found[object.metadata.name] = object.metadata.resource_version;
          });
          co_return ok;
        },
        settings));
    return found;
  }

  int watches() const { return proxy.received("watch", "configmaps"); }
  int lists() const { return proxy.received("list", "configmaps"); }
};

std::string const well;

/// What `result` failed with.
std::string failure_of(Result<> const& result) { return result ? "" : result.error().message; }

bool has_two_watches(std::vector<Exchange> const& seen) {
  auto const is_watch = [](Exchange const& it) { return it.call.verb == "watch"; };
  return std::ranges::count_if(seen, is_watch) >= 2;
}

/// After a fault: what happened meanwhile shows, and what happens then does too.
Task<> goes_on(World const& world, Followed& followed) {
  CO_TRY(co_await followed.knows({{"a", "1"}}));
  world.make("b", "1");
  world.change("a", "2");
  CO_TRY(co_await followed.knows({{"a", "2"}, {"b", "1"}}));
  world.unmake("b");
  co_return co_await followed.knows({{"a", "2"}});
}

}  // namespace

SCENARIO("a watcher streams what there is, then what changes, over one request") {
  World const world;
  CHECK(failure_of(world.follow([&](Followed& followed) { return goes_on(world, followed); })) ==
        well);
  CHECK(world.watches() == 1);
  CHECK(world.lists() == 0);
}

SCENARIO("a server that does not stream lists is asked for pages") {
  World world;
  world.make("b", "1");
  world.make("c", "1");
  world.proxy.inject(Match{.verb = "watch", .resource = "configmaps", .query = "sendInitialEvents"},
                     refuse_initial_events());
  CHECK(failure_of(world.follow(
            [&](Followed& followed) -> Task<> {
              CO_TRY(co_await followed.knows({{"a", "1"}, {"b", "1"}, {"c", "1"}}));
              world.change("a", "2");
              co_return co_await followed.knows({{"a", "2"}, {"b", "1"}, {"c", "1"}});
            },
            {.page = 2})) == well);
  CHECK(world.lists() == 2);
}

SCENARIO("a streamed list whose end never comes is asked for in pages") {
  World world;
  world.proxy.inject(EventMatch{.type = "BOOKMARK", .times = always}, Drop{});
  CHECK(failure_of(world.follow([&](Followed& followed) { return goes_on(world, followed); },
                                {.list_silence = 200ms})) == well);
  CHECK(world.lists() == 1);
}

SCENARIO("a watch that ends, however it ends, goes on where it was") {
  auto const how =
      GENERATE(Ending::Proper, Ending::WithoutLastChunk, Ending::WithinEvent, Ending::Reset);
  World world;
  CHECK(failure_of(world.follow([&](Followed& followed) -> Task<> {
          CO_TRY(co_await followed.knows({{"a", "1"}}));
          world.proxy.inject(EventMatch{.resource = "configmaps", .name = "b"}, End{.how = how});
          world.make("b", "1");
          CO_TRY(co_await followed.knows({{"a", "1"}, {"b", "1"}}));
          world.proxy.end_watches("configmaps", {.how = how});
          world.unmake("b");
          co_return co_await followed.knows({{"a", "1"}});
        })) == well);
  CHECK(world.lists() == 0);
  CHECK(world.proxy.journal().entries().front().call.query.contains("sendInitialEvents"));
}

SCENARIO("an ERROR in the stream leads to a new list") {
  auto const code = GENERATE(410U, 500U);
  World world;
  CHECK(failure_of(world.follow([&](Followed& followed) -> Task<> {
          CO_TRY(co_await followed.knows({{"a", "1"}}));
          world.proxy.inject(EventMatch{.resource = "configmaps", .name = "b"},
                             end_with_error(code));
          world.make("b", "1");
          co_return co_await followed.knows({{"a", "1"}, {"b", "1"}});
        })) == well);
  CHECK(world.watches() == 2);
}

SCENARIO("a watch that is refused with 410 leads to a new list") {
  World world;
  CHECK(failure_of(world.follow([&](Followed& followed) -> Task<> {
          CO_TRY(co_await followed.knows({{"a", "1"}}));
          world.proxy.inject(Match{.verb = "watch", .resource = "configmaps"}, respond(410));
          world.proxy.end_watches("configmaps", {});
          world.unmake("a");
          world.make("b", "1");
          co_return co_await followed.knows({{"b", "1"}});
        })) == well);
}

SCENARIO("a watch that can't begin is begun again, where it was") {
  RequestFault const fault =
      GENERATE(as<RequestFault>{}, respond(429), respond(500), respond(503), respond(403),
               respond(401), ResetBefore{}, SwallowRequest{},
               Respond{.status = 502, .body = "<html>", .content_type = "text/html"});
  World world;
  CHECK(failure_of(world.follow(
            [&](Followed& followed) -> Task<> {
              CO_TRY(co_await followed.knows({{"a", "1"}}));
              world.proxy.inject(Match{.verb = "watch", .resource = "configmaps", .times = 2},
                                 fault);
              world.proxy.end_watches("configmaps", {});
              world.change("a", "2");
              CO_TRY(co_await followed.knows({{"a", "2"}}));
              CHECK(followed.changes() == 2);
              co_return ok;
            },
            {.silence = 1s})) == well);
  CHECK(world.lists() == 0);
}

SCENARIO("a list that can't be had at first is had later") {
  RequestFault const fault =
      GENERATE(as<RequestFault>{}, respond(500), respond(403), ResetBefore{}, Truncate{100},
               Respond{.status = 200, .body = "<html>", .content_type = "text/html"});
  World world;
  world.proxy.inject(Match{.resource = "configmaps"}, fault);
  CHECK(failure_of(world.follow([&](Followed& followed) { return goes_on(world, followed); },
                                {.list_silence = 500ms})) == well);
}

SCENARIO("a watch that stands still is begun anew") {
  World world;
  CHECK(failure_of(world.follow(
            [&](Followed& followed) -> Task<> {
              CO_TRY(co_await followed.knows({{"a", "1"}}));
              world.proxy.freeze("configmaps");
              world.change("a", "2");
              CO_TRY(co_await until(world.proxy.journal(), has_two_watches));
              world.proxy.thaw("configmaps");
              co_return co_await followed.knows({{"a", "2"}});
            },
            {.silence = 500ms})) == well);
}

SCENARIO("events that come twice, slowly or as large as they may be do no harm") {
  World world;
  world.proxy.inject(EventMatch{.resource = "configmaps", .name = "b"}, Repeat{});
  world.proxy.inject(EventMatch{.resource = "configmaps", .name = "c", .times = always},
                     Inflate{9U << 20U});
  CHECK(failure_of(world.follow([&](Followed& followed) -> Task<> {
          CO_TRY(co_await followed.knows({{"a", "1"}}));
          world.make("b", "1");
          CO_TRY(co_await followed.knows({{"a", "1"}, {"b", "1"}}));
          CHECK(followed.changes() == 2);
          world.make("c", "1");
          co_return co_await followed.knows({{"a", "1"}, {"b", "1"}, {"c", "1"}});
        })) == well);
  CHECK(world.watches() == 1);
  world.proxy.forget_faults();
  world.proxy.inject(Match{.verb = "watch", .resource = "configmaps"}, Trickle{.bytes = 3});
  CHECK(failure_of(world.follow([&](Followed& followed) {
          return followed.knows({{"a", "1"}, {"b", "1"}, {"c", "1"}});
        })) == well);
}

SCENARIO("a list that was streamed is what a list in pages is") {
  constexpr int many = 250;
  World world;
  std::string all;
  for (int number = 0; number < many; ++number)
    all += fmt::format("{{\"apiVersion\": v1, kind: ConfigMap, metadata: {{name: m{}}}}}\n---\n",
                       number);
  ControlPlane::kubectl({"create", "--namespace", world.space.name(), "--filename", "-"}, all);
  auto const streamed = world.versions({});
  world.proxy.inject(Match{.verb = "watch", .query = "sendInitialEvents"}, refuse_initial_events());
  auto const paged = world.versions({.page = 40});
  CHECK(streamed.size() == many + 1);
  CHECK(streamed == paged);
  CHECK(world.lists() == 7);
}

SCENARIO("a server that went back in time undoes nothing") {
  World world;
  auto const past = world.resource_version();
  world.change("a", "2");
  world.make("b", "1");
  world.make("gone", "1");
  CHECK(failure_of(world.follow([&](Followed& followed) -> Task<> {
          CO_TRY(co_await followed.knows({{"a", "2"}, {"b", "1"}, {"gone", "1"}}));
          world.unmake("gone");
          CO_TRY(co_await followed.knows({{"a", "2"}, {"b", "1"}}));
          world.proxy.inject(Match{.verb = "watch", .resource = "configmaps"}, Rewind{past});
          world.proxy.end_watches("configmaps", {});
          world.make("c", "1");
          CO_TRY(co_await followed.knows({{"a", "2"}, {"b", "1"}, {"c", "1"}}));
          CHECK(followed.changes() == 5);
          co_return ok;
        })) == well);
}
