#include "common/json/mapping.hpp"
#include "common/kube/kinds.hpp"
#include "common/kube/leader.hpp"
#include "common/logging.hpp"
#include "test/component/kube/reached.hpp"
#include "test/support/control_plane.hpp"
#include "test/support/logged.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>

namespace {

using namespace std::chrono_literals;

/// What candidates share: who leads writes its name's first letter behind those that are there.
kube::ObjectRef story(std::string const& space) { return {space, "story"}; }

/// One letter more, by a write that says what it is based on, as every write of ours does.
Task<> write_on(kube::Client& client, kube::ObjectRef ref, char letter) {
  CO_TRY(auto object, co_await client.get(kube::kinds::config_map, ref));
  auto& text = object.at("data").at("value").as_string();
  text.push_back(letter);
  auto const written = co_await client.replace(kube::kinds::config_map, ref, object);
  if (!written && written.error().fault != Fault::Conflict) co_return Failure{written.error()};
  co_return ok;
}

Task<> write_on_and_on(kube::Client& client, kube::ObjectRef ref, char letter) {
  CO_TRY(co_await write_on(client, ref, letter));
  logging::info("wrote the first letter");
  while (true) {
    CO_TRY(co_await write_on(client, ref, letter));
    CO_TRY(co_await system_clock().until(system_clock().now() + 20ms));
  }
}

/// A program that writes while it leads, until it is killed or loses the lease.
Task<> stand(kube::Client& lease_client, ApiServer const& server, std::string space,
             std::string name) {
  CO_TRY(auto const leader, kube::Leader::create(lease_client, system_clock(),
                                                 {.lease = {space, "operator"}, .identity = name}));
  auto const session = kube::Session::create(config_for(server), {.user_agent = "component-tests"},
                                             system_clock(), {});
  if (!session) co_return Failure{session.error()};
  kube::Client client{**session, name};
  client.guard_writes([&] { return leader->gate(); });
  co_return co_await leader->lead(
      [&] { return write_on_and_on(client, story(space), name.front()); });
}

/// This program once more, as one of the candidates.
Process candidate(std::string const& space, std::string const& name) {
  return Process{{"env", "CANDIDATE=" + name, "CANDIDATES=" + space,
                  std::filesystem::read_symlink("/proc/self/exe"), "[.candidate]"}};
}

std::string text_of(kube::ObjectRef const& ref) {
  return ControlPlane::kubectl({"get", "configmap", ref.name, "--namespace", ref.namespace_name,
                                "--output=jsonpath={.data.value}"});
}

}  // namespace

SCENARIO("candidate", "[.candidate]") {
  ControlPlane const plane;
  std::string const name{getenv("CANDIDATE")};
  std::string const space{getenv("CANDIDATES")};
  auto const outcome = ask(plane.api_server(), [&](kube::Client& client) {
    return stand(client, plane.api_server(), space, name);
  });
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().message ==
        "lost the lease " + space + "/operator: it was not renewed in time");
}

SCENARIO("a leader that was frozen beyond its lease never writes again") {
  ControlPlane const plane;
  Namespace const space;
  auto const ref = story(space.name());
  auto const object = boost::json::serialize(config_map(ref, ""));
  ControlPlane::kubectl({"create", "--filename=-"}, object);

  auto first = candidate(space.name(), "first");
  until_logged(first, "became leader");
  auto second = candidate(space.name(), "second");
  until_logged(second, "another leads");
  first.send(SIGSTOP);
  until_logged(second, "wrote the first letter");
  first.send(SIGCONT);
  auto const ended = first.wait();
  INFO(ended.output << ended.errors);
  CHECK(ended.status == 0);  // it found that it had lost the lease

  auto const whole = text_of(ref);
  auto const turn = whole.find('s');
  CHECK(whole.find_first_not_of('f') == turn);
  CHECK(whole.find('f', turn) == std::string::npos);
}
