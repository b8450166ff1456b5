#include "common/kube/store.hpp"

#include "test/support/sample_object.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

namespace {

namespace gen = rc::gen;
using kube::ObjectRef;
using kube::Origin;
using sample::Object;

/// What an API server holds, and in which the history goes only forwards.
struct World {
  std::map<ObjectRef, Object> objects;
  std::int64_t clock = 0;
  std::int64_t births = 0;

  std::string now() { return std::to_string(++clock); }
};

json::value written(Object const& object, bool readable = true) {
  auto value = mapping::encode(object);
  if (!readable) value.as_object()["number"] = "many";
  return value;
}

ObjectRef any_ref() {
  return {*gen::element<std::string>("", "a", "a-b"), *gen::element<std::string>("x", "y", "z")};
}

Object changed(World& world, ObjectRef const& ref) {
  auto& object = world.objects[ref];
  if (object.metadata.uid.empty() || *gen::inRange(0, 5) == 0)
    object.metadata.uid = std::to_string(++world.births);
  object.metadata.namespace_ = ref.namespace_name;
  object.metadata.name = ref.name;
  object.metadata.resource_version = world.now();
  object.metadata.owner_references.clear();
  for (auto const& uid :
       *gen::container<std::vector<std::string>>(gen::element<std::string>("o", "p")))
    object.metadata.owner_references.emplace_back().uid = uid;
  object.number = *gen::arbitrary<std::int64_t>();
  return object;
}

/// What the changes told of add up to.
struct Followed {
  kube::Store<Object> store;
  std::map<ObjectRef, Object> told;

  Followed() {
    store.on_change([this](kube::Change<Object> const& change) {
      auto const known = told.find(change.ref);
      RC_ASSERT((known == told.end() ? std::nullopt : std::optional{known->second}) ==
                change.before);
      RC_ASSERT(change.before != change.after);
      if (change.before && change.after)
        RC_ASSERT(change.before->metadata.uid == change.after->metadata.uid);
      if (change.after)
        told[change.ref] = *change.after;
      else
        told.erase(change.ref);
    });
  }
};

void check(Followed const& followed, World const& world) {
  auto const& store = followed.store;
  RC_ASSERT(store.size() == world.objects.size());
  RC_ASSERT(followed.told.size() == world.objects.size());
  std::map<std::string, std::vector<ObjectRef>> owned;
  for (auto const& [ref, object] : world.objects) {
    RC_ASSERT(store.get(ref).value() == object);
    RC_ASSERT(followed.told.at(ref) == object);
    for (std::string const uid : {"o", "p"})
      if (std::ranges::find(object.metadata.owner_references, uid, &kube::OwnerReference::uid) !=
          object.metadata.owner_references.end())
        owned[uid].push_back(ref);
  }
  for (std::string const uid : {"o", "p"}) {
    std::vector<ObjectRef> found;
    for (auto const& object : store.owned_by(uid).value())
      found.push_back(kube::ref_of(object.metadata));
    RC_ASSERT(found == owned[uid]);
  }
}

void happen(Followed& followed, World& world) {
  auto const ref = any_ref();
  if (*gen::inRange(0, 3) > 0) {
    followed.store.seen(written(changed(world, ref)), Origin::Watch);
  } else if (auto const found = world.objects.find(ref); found != world.objects.end()) {
    auto last = found->second;
    last.metadata.resource_version = world.now();
    world.objects.erase(found);
    followed.store.removed(written(last));
  }
  followed.store.advanced(std::to_string(world.clock));
}

/// Some changes that no watch told of, then a list, in any order and with some things told twice.
void relist(Followed& followed, World& world) {
  for (auto const& ref : *gen::container<std::vector<ObjectRef>>(gen::exec(any_ref)))
    if (*gen::arbitrary<bool>())
      changed(world, ref);
    else
      world.objects.erase(ref);
  std::vector<Object> list;
  list.reserve(world.objects.size());
  for (auto const& [ref, object] : world.objects) list.push_back(object);
  followed.store.replace_started();
  for (auto const at : *gen::container<std::vector<std::size_t>>(gen::inRange<std::size_t>(0, 9)))
    if (at < list.size()) followed.store.seen(written(list[at]), Origin::List);
  for (auto const& object : list) followed.store.seen(written(object), Origin::List);
  auto const while_it_streams = *gen::inRange(0, 3);
  for (int count = 0; count < while_it_streams; ++count) happen(followed, world);
  followed.store.replace_finished(std::to_string(world.clock));
}

void anything_happens() {
  Followed followed;
  World world;
  relist(followed, world);
  check(followed, world);
  auto const steps = *gen::inRange(0, 30);
  for (int step = 0; step < steps; ++step) {
    if (*gen::inRange(0, 5) == 0)
      relist(followed, world);
    else
      happen(followed, world);
    check(followed, world);
  }
}

void the_past_comes_again() {
  Followed followed;
  World world;
  relist(followed, world);
  auto const steps = *gen::inRange(0, 20);
  std::vector<Object> past;
  for (int step = 0; step < steps; ++step) {
    for (auto const& [ref, object] : world.objects) past.push_back(object);
    happen(followed, world);
    for (auto const& object : past) {
      followed.store.seen(written(object), Origin::Watch);
      followed.store.advanced(object.metadata.resource_version);
    }
    followed.store.replace_started();
    followed.store.seen(written(changed(*std::make_unique<World>(), any_ref())), Origin::List);
    followed.store.replace_abandoned();
    check(followed, world);
  }
}

void some_cannot_be_read() {
  kube::Store<Object> store;
  World world;
  std::map<ObjectRef, bool> readable;
  auto const steps = *gen::inRange(1, 20);
  for (int step = 0; step < steps; ++step) {
    bool const listed = *gen::inRange(0, 4) == 0;
    auto const ref = any_ref();
    changed(world, ref);
    readable[ref] = *gen::arbitrary<bool>();
    if (listed) {
      store.replace_started();
      for (auto const& [name, object] : world.objects)
        store.seen(written(object, readable[name]), Origin::List);
      store.replace_finished(std::to_string(world.clock));
    } else {
      store.seen(written(world.objects[ref], readable[ref]), Origin::Watch);
    }
    RC_ASSERT(store.size() == world.objects.size());
    for (auto const& [name, object] : world.objects) {
      auto const found = store.get(name);
      RC_ASSERT(found.has_value() == readable[name]);
      if (!found) RC_ASSERT(found.error().fault == Fault::Invalid);
    }
  }
}

}  // namespace

TEST_CASE("a store holds what the world does, whatever happened, and told of all of it") {
  CHECK(rc::check(anything_happens));
}

TEST_CASE("a store takes events of the past and lists that end early for what they are") {
  CHECK(rc::check(the_past_comes_again));
}

TEST_CASE("an object that cannot be read is never taken for gone") {
  CHECK(rc::check(some_cannot_be_read));
}
