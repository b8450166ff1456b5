#include "operator/controller/triggers.hpp"

#include "test/support/manual_loop.hpp"
#include "test/support/sample_object.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;
using controller::is_news;
using controller::Trigger;
using controller::triggers;
using kube::Change;
using kube::Metadata;
using kube::Origin;
using sample::Object;
using Triggers = std::vector<Trigger>;

kube::ObjectRef const cache{.namespace_name = "demo", .name = "cache"};

Object object(Metadata metadata) {
  Object made;
  made.metadata = std::move(metadata);
  made.metadata.name = "cache";
  made.metadata.namespace_ = "demo";
  return made;
}

Change<Object> change(std::optional<Object> before, std::optional<Object> after,
                      Origin origin = Origin::Watch) {
  return {.ref = cache,
          .before = std::move(before),
          .after = std::move(after),
          .origin = origin,
          .unreadable = {}};
}

constexpr std::string_view label = "part-of";

Object part_of(std::string const& name, std::string const& version = "1") {
  Metadata metadata;
  metadata.resource_version = version;
  metadata.labels[std::string{label}] = name;
  return object(std::move(metadata));
}

Triggers named_by(std::optional<Object> before, std::optional<Object> after) {
  return triggers(change(std::move(before), std::move(after)), label);
}

Trigger demo(std::string const& name) {
  return {.key = {.namespace_name = "demo", .name = name},
          .priority = controller::Priority::Normal};
}

Task<controller::Requeue> noted(std::vector<std::string>& names, kube::ObjectRef key) {
  names.push_back(key.name);
  co_return controller::Requeue{};
}

}  // namespace

SCENARIO("an object is worth another look when something else than its status has changed") {
  Metadata before;
  before.generation = 4;
  auto const with = [&](auto change_it) {
    auto after = before;
    change_it(after);
    return is_news(before, after);
  };
  CHECK_FALSE(with([](Metadata&) {}));
  CHECK_FALSE(with([](Metadata& it) { it.resource_version = "77"; }));
  CHECK(with([](Metadata& it) { it.uid = "another"; }));
  CHECK(with([](Metadata& it) { it.generation = 5; }));
  CHECK(with([](Metadata& it) { it.deletion_timestamp = "2026-01-01T00:00:00Z"; }));
  CHECK(with([](Metadata& it) { it.labels["a"] = "b"; }));
  CHECK(with([](Metadata& it) { it.annotations["a"] = "b"; }));
  CHECK(with([](Metadata& it) { it.finalizers.emplace_back("a.org/b"); }));
  CHECK(with([](Metadata& it) { it.owner_references.emplace_back(); }));
}

SCENARIO("what a list shows can wait for what somebody does now") {
  CHECK(triggers(change({}, object({}), Origin::List)) ==
        Triggers{{cache, controller::Priority::Low}});
  CHECK(triggers(change({}, object({}))) == Triggers{{cache, controller::Priority::Normal}});
}

SCENARIO("an object that appears, goes or cannot be read is worth a look, one as before is not") {
  CHECK(triggers(change({}, object({}))).size() == 1);
  CHECK(triggers(change(object({}), {})).size() == 1);
  CHECK(triggers(change({}, {})).size() == 1);
  Metadata later;
  later.resource_version = "2";
  CHECK(triggers(change(object({}), object(later))).empty());
}

SCENARIO("what an object is part of is looked at with each of its changes") {
  CHECK(named_by({}, part_of("a")) == Triggers{demo("a")});
  CHECK(named_by(part_of("a"), {}) == Triggers{demo("a")});
  CHECK(named_by(part_of("a"), part_of("b")) == Triggers{demo("a"), demo("b")});
  CHECK(named_by(part_of("a"), object({})) == Triggers{demo("a")});
  auto moved = part_of("a");
  moved.metadata.generation = 2;
  CHECK(named_by(part_of("a"), moved) == Triggers{demo("a")});
}

SCENARIO("what is part of nothing, or has another version only, is none of ours") {
  CHECK(named_by({}, object({})).empty());
  CHECK(named_by({}, part_of("")).empty());
  CHECK(named_by(part_of("a", "1"), part_of("a", "2")).empty());
}

SCENARIO("a controller hears of what its stores see") {
  ManualLoop loop;
  std::vector<std::string> reconciled;
  kube::Store<Object> objects;
  kube::Store<Object> parts;
  controller::Controller controlled{
      {.name = "triggers"},
      {.all = [] { return std::vector<kube::ObjectRef>{}; },
       .contain = [](kube::ObjectRef const&) { return true; }},
      {},
      [&](kube::ObjectRef key) { return noted(reconciled, std::move(key)); },
      loop.clock()};
  reconcile_objects(objects, controlled);
  reconcile_labelled(parts, label, controlled);
  auto running = loop.start(controlled.run());
  objects.seen(json::parse(R"({"metadata": {"namespace": "demo", "name": "cache", "uid": "1"}})"),
               Origin::Watch);
  loop.settle();
  CHECK(reconciled == std::vector<std::string>{"cache"});
  parts.seen(json::parse(R"({"metadata": {"namespace": "demo", "name": "x", "uid": "2",
      "labels": {"part-of": "owner"}}})"),
             Origin::Watch);
  loop.settle();
  CHECK(reconciled == std::vector<std::string>{"cache", "owner"});
  running.cancel();
  REQUIRE(loop.until([&] { return !running.is_running(); }));
}
