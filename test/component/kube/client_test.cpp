#include "common/kube/client.hpp"

#include "common/json/mapping.hpp"
#include "common/kube/kinds.hpp"
#include "test/component/kube/reached.hpp"
#include "test/support/control_plane.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fmt/core.h>

namespace {

namespace kinds = kube::kinds;
using kube::Client;
using kube::ObjectRef;

/// A namespace on the API server, and a client's work in it.
struct World {
  ControlPlane control_plane;
  Namespace space;

  ObjectRef named(std::string name) const { return {space.name(), std::move(name)}; }
  Result<> ask(ClientWork work) const { return ::ask(control_plane.api_server(), std::move(work)); }
};

/// What `outcome` says, as text: the value of a config map, or the class and text of its error.
std::string told(Result<json::value> const& outcome) {
  static constexpr std::array<std::string_view, 6> names{"Transient", "Conflict",  "NotFound",
                                                         "Invalid",   "Permanent", "Cancelled"};
  if (!outcome)
    return fmt::format("{}: {}", names[static_cast<std::size_t>(outcome.error().fault)],
                       outcome.error().message);
  boost::system::error_code failure;
  auto const* const value = outcome->find_pointer("/data/value", failure);
  return value ? std::string{value->as_string()} : json::serialize(*outcome);
}

std::string text_at(json::value const& document, std::string_view pointer) {
  boost::system::error_code failure;
  auto const* const found = document.find_pointer(pointer, failure);
  return found ? json::serialize(*found) : "";
}

json::object stateful_set(ObjectRef const& ref) {
  json::object const labels{{"app", "x"}};
  return {{"apiVersion", "apps/v1"},
          {"kind", "StatefulSet"},
          {"metadata", {{"name", ref.name}}},
          {"spec",
           {{"serviceName", "x"},
            {"replicas", 1},
            {"selector", {{"matchLabels", labels}}},
            {"template",
             {{"metadata", {{"labels", labels}}},
              {"spec", {{"containers", json::array{{{"name", "x"}, {"image", "x"}}}}}}}}}}};
}

}  // namespace

SCENARIO("an object is made, read, changed and deleted") {
  World const world;
  auto const a = world.named("a");
  CHECK(world.ask([&](Client& client) -> Task<> {
    CO_TRY(co_await client.create(kinds::config_map, a, config_map(a, "1")));
    auto const again = co_await client.create(kinds::config_map, a, config_map(a, "2"));
    CHECK(told(again).starts_with(fmt::format(
        "Conflict: creating ConfigMap {}: 409 AlreadyExists: configmaps \"a\" already", a.text())));

    CO_TRY(auto whole, co_await client.get(kinds::config_map, a));
    CHECK(told(whole) == "1");
    whole.at("data").at("value") = "3";
    CO_TRY(co_await client.replace(kinds::config_map, a, whole));
    CHECK(told(co_await client.replace(kinds::config_map, a, whole)).starts_with("Conflict"));

    CO_TRY(auto const patched,
           co_await client.merge_patch(kinds::config_map, a, {{"data", {{"value", "4"}}}}));
    CHECK(told(patched) == "4");

    CO_TRY(co_await client.remove(kinds::config_map, a, {}));
    CHECK(told(co_await client.get(kinds::config_map, a)).starts_with("NotFound"));
    auto const gone = co_await client.remove(kinds::config_map, a, {});
    CHECK(gone.error().fault == Fault::NotFound);
    co_return ok;
  }));
}

SCENARIO("applied fields are ours, whoever had them, and those left out are gone") {
  World const world;
  auto const a = world.named("a");
  ControlPlane::kubectl({"create", "configmap", "a", "--namespace", world.space.name(),
                         "--from-literal=value=theirs", "--from-literal=other=theirs"});
  CHECK(world.ask([&](Client& client) -> Task<> {
    CO_TRY(auto const applied, co_await client.apply(kinds::config_map, a, config_map(a, "ours")));
    CHECK(told(applied) == "ours");
    CHECK(text_at(applied, "/data/other") == R"("theirs")");
    auto without = config_map(a, "");
    without.erase("data");
    CO_TRY(auto const given_up, co_await client.apply(kinds::config_map, a, without));
    CHECK(text_at(given_up, "/data") == R"({"other":"theirs"})");
    auto unknown = config_map(a, "ours");
    unknown["dta"] = json::object{};
    CHECK(told(co_await client.apply(kinds::config_map, a, unknown)).contains("dta"));
    co_return ok;
  }));
}

SCENARIO("what somebody else has set can be left to them") {
  World const world;
  auto const a = world.named("a");
  ControlPlane::kubectl({"create", "configmap", "a", "--namespace", world.space.name(),
                         "--from-literal=value=theirs"});
  CHECK(world.ask([&](Client& client) -> Task<> {
    auto const refused = co_await client.apply(kinds::config_map, a, config_map(a, "ours"), "",
                                               kube::Contested::Left);
    CHECK(told(refused).starts_with("Conflict: applying ConfigMap " + a.text()));
    CHECK(told(refused).contains(".data.value"));
    CO_TRY(auto const kept, co_await client.get(kinds::config_map, a));
    CHECK(told(kept) == "theirs");
    CO_TRY(auto const agreed, co_await client.apply(kinds::config_map, a, config_map(a, "theirs"),
                                                    "", kube::Contested::Left));
    CHECK(told(agreed) == "theirs");
    co_return ok;
  }));
}

SCENARIO("an object is applied to the one that is meant, and to no other of its name") {
  World const world;
  auto const a = world.named("a");
  CHECK(world.ask([&](Client& client) -> Task<> {
    CO_TRY(auto const made, co_await client.apply(kinds::config_map, a, config_map(a, "1")));
    auto meant = config_map(a, "2");
    auto* const metadata = meant.at("metadata").if_object();
    REQUIRE(metadata);
    (*metadata)["uid"] = "00000000-0000-4000-8000-000000000000";
    auto const refused = told(co_await client.apply(kinds::config_map, a, meant));
    INFO(refused);
    CHECK(refused.starts_with("Conflict"));
    (*metadata)["uid"] = made.at("metadata").at("uid");
    CO_TRY(auto const applied, co_await client.apply(kinds::config_map, a, meant));
    CHECK(told(applied) == "2");
    co_return ok;
  }));
}

SCENARIO("a patch with a test changes nothing unless the test holds") {
  World const world;
  auto const a = world.named("a");
  auto const patch = [](std::string_view before, std::string_view after) {
    return json::array{{{"op", "test"}, {"path", "/data/value"}, {"value", before}},
                       {{"op", "replace"}, {"path", "/data/value"}, {"value", after}}};
  };
  CHECK(world.ask([&](Client& client) -> Task<> {
    CO_TRY(co_await client.create(kinds::config_map, a, config_map(a, "1")));
    auto const refused = co_await client.json_patch(kinds::config_map, a, patch("0", "2"));
    CHECK(told(refused).starts_with("Conflict"));
    CO_TRY(auto const patched, co_await client.json_patch(kinds::config_map, a, patch("1", "2")));
    CHECK(told(patched) == "2");
    co_return ok;
  }));
}

SCENARIO("an object is deleted only if it is the one that was meant") {
  World const world;
  auto const a = world.named("a");
  CHECK(world.ask([&](Client& client) -> Task<> {
    CO_TRY(auto const made, co_await client.create(kinds::config_map, a, config_map(a, "1")));
    std::string const uid{made.at("metadata").at("uid").as_string()};
    std::string const version{made.at("metadata").at("resourceVersion").as_string()};
    CO_TRY(co_await client.merge_patch(kinds::config_map, a, {{"data", {{"value", "2"}}}}));
    auto const other_uid = co_await client.remove(
        kinds::config_map, a,
        {.uid = "00000000-0000-0000-0000-000000000000", .resource_version = {}});
    CHECK(other_uid.error().fault == Fault::Conflict);
    auto const other_version =
        co_await client.remove(kinds::config_map, a, {.uid = uid, .resource_version = version});
    CHECK(other_version.error().fault == Fault::Conflict);
    co_return co_await client.remove(kinds::config_map, a, {.uid = uid, .resource_version = {}},
                                     kube::Propagation::Foreground);
  }));
}

SCENARIO("status and scale are changed apart from the object") {
  World const world;
  auto const a = world.named("a");
  CHECK(world.ask([&](Client& client) -> Task<> {
    CO_TRY(auto const made, co_await client.create(kinds::stateful_set, a, stateful_set(a)));
    json::object const status{{"status", {{"replicas", 7}}}, {"spec", {{"replicas", 9}}}};
    CO_TRY(auto const reported,
           co_await client.merge_patch(kinds::stateful_set, a, status, "status"));
    CHECK(text_at(reported, "/status/replicas") == "7");
    CHECK(text_at(reported, "/spec/replicas") == "1");
    json::object const stale{
        {"metadata", {{"resourceVersion", made.at("metadata").at("resourceVersion")}}},
        {"status", {{"replicas", 8}}}};
    CHECK(told(co_await client.merge_patch(kinds::stateful_set, a, stale, "status"))
              .starts_with("Conflict: patching StatefulSet "));
    CO_TRY(co_await client.merge_patch(kinds::stateful_set, a, {{"spec", {{"replicas", 3}}}},
                                       "scale"));
    CO_TRY(auto const scale, co_await client.get(kinds::stateful_set, a, "scale"));
    CHECK(text_at(scale, "/spec/replicas") == "3");
    CHECK(text_at(scale, "/kind") == R"("Scale")");
    co_return ok;
  }));
}

SCENARIO("a pod is evicted unless its disruption budget forbids it") {
  World const world;
  auto const& space = world.space.name();
  ControlPlane::kubectl({"create", "serviceaccount", "default", "--namespace", space});
  for (auto const* const pod : {"free", "kept"})
    ControlPlane::kubectl(
        {"run", pod, "--image=x", "--namespace", space, "--labels", fmt::format("app={}", pod)});
  ControlPlane::kubectl({"create", "poddisruptionbudget", "kept", "--selector=app=kept",
                         "--min-available=1", "--namespace", space});
  CHECK(world.ask([&](Client& client) -> Task<> {
    // A pod that never ran may always go.
    CO_TRY(co_await client.merge_patch(kinds::pod, world.named("kept"),
                                       {{"status", {{"phase", "Running"}}}}, "status"));
    auto const refused = co_await client.evict(world.named("kept"), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::Transient);
    CHECK(refused.error().message.starts_with("evicting Pod " + space + "/kept: 429"));
    CO_TRY(co_await client.evict(world.named("free"), {}));
    CHECK(told(co_await client.get(kinds::pod, world.named("free"))).starts_with("NotFound"));
    CHECK(co_await client.get(kinds::pod, world.named("kept")));
    co_return ok;
  }));
}

SCENARIO("a list comes page by page, and only what was selected") {
  World const world;
  auto const pages_and_selections = [&](Client& client) -> Task<> {
    for (int i = 0; i < 5; ++i) {
      auto const ref = world.named(fmt::format("cm-{}", i));
      auto object = config_map(ref, "x");
      object["metadata"].as_object()["labels"] = {{"odd", i % 2 == 1 ? "yes" : "no"}};
      CO_TRY(co_await client.create(kinds::config_map, ref, std::move(object)));
    }
    std::string names;
    auto const note = [&](json::value const& object) {
      names += std::string{object.at("metadata").at("name").as_string()} + " ";
      CHECK_FALSE(object.at("metadata").as_object().contains("managedFields"));
    };
    kube::Selection const all{.namespace_name = world.space.name(), .labels = {}, .fields = {}};
    kube::Page page{.limit = 2, .continue_token = {}, .resource_version = {}};
    int pages = 0;
    do {
      CO_TRY(auto const listed, co_await client.list(kinds::config_map, all, page, note));
      page.continue_token = listed.continue_token;
      CHECK_FALSE(listed.resource_version.empty());
      ++pages;
    } while (!page.continue_token.empty());
    CHECK(names == "cm-0 cm-1 cm-2 cm-3 cm-4 ");
    CHECK(pages == 3);

    names.clear();
    kube::Selection const odd{
        .namespace_name = world.space.name(), .labels = "odd=yes", .fields = "metadata.name!=cm-1"};
    CO_TRY(co_await client.list(kinds::config_map, odd, {}, note));
    CHECK(names == "cm-3 ");
    kube::Selection const broken{.namespace_name = {}, .labels = "a in", .fields = {}};
    auto const refused = co_await client.list(kinds::config_map, broken, {}, note);
    CHECK(refused.error().fault == Fault::Invalid);
    CHECK(refused.error().message.starts_with("listing configmaps: 400 BadRequest: "));
    co_return ok;
  };
  CHECK(world.ask(pages_and_selections));
}

SCENARIO("names that try to be paths reach nothing else") {
  World const world;
  auto const bystander = world.named("a");
  CHECK(world.ask([&](Client& client) -> Task<> {
    CO_TRY(co_await client.create(kinds::config_map, bystander, config_map(bystander, "1")));
    for (std::string const name : {"..", "../../secrets", "a/b", "a?watch=1", "", "%2e%2e", "ü"}) {
      CAPTURE(name);
      auto const found = co_await client.get(kinds::config_map, world.named(name));
      REQUIRE_FALSE(found);
      CHECK(found.error().fault != Fault::Transient);
      auto const removed = co_await client.remove(kinds::config_map, world.named(name), {});
      CHECK_FALSE(removed);
    }
    CHECK(co_await client.get(kinds::config_map, bystander));
    co_return ok;
  }));
}

SCENARIO("a gate stops writes, not reads") {
  World const world;
  auto const a = world.named("a");
  CHECK(world.ask([&](Client& client) -> Task<> {
    client.guard_writes([] { return permanent("we do not lead"); });
    auto const stopped = co_await client.create(kinds::config_map, a, config_map(a, "1"));
    CHECK(told(stopped) == "Permanent: creating ConfigMap " + a.text() + ": we do not lead");
    CHECK(told(co_await client.get(kinds::config_map, a)).starts_with("NotFound"));
    co_return ok;
  }));
}
