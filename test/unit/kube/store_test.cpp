#include "common/kube/store.hpp"

#include "test/support/sample_object.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

using kube::Origin;
using sample::Object;

namespace {

struct Version {
  std::string name;
  std::string uid;
  std::string resource_version;
  std::string owner = "none";
  json::value number = 1;
};

json::value state(Version const& version) {
  return {{"metadata",
           {{"namespace", "demo"},
            {"name", version.name},
            {"uid", version.uid},
            {"resourceVersion", version.resource_version},
            {"ownerReferences", json::array{{{"uid", version.owner}}}}}},
          {"number", version.number}};
}

/// A store, and what it told of.
struct Watched {
  kube::Store<Object> store;
  std::vector<std::string> changes;

  Watched() {
    store.on_change([this](kube::Change<Object> const& change) {
      auto const shown = [](std::optional<Object> const& object) {
        return object ? object->metadata.uid + "@" + object->metadata.resource_version : "-";
      };
      changes.push_back(change.ref.text() + " " + shown(change.before) + " " + shown(change.after) +
                        (change.origin == Origin::List ? " list" : " watch") +
                        (change.unreadable ? " unreadable" : ""));
    });
  }
  void list(std::vector<Version> const& versions, std::string_view resource_version) {
    store.replace_started();
    for (auto const& version : versions) store.seen(state(version), Origin::List);
    store.replace_finished(resource_version);
  }
  void see(Version const& version) { store.seen(state(version), Origin::Watch); }
  void remove(Version const& version) { store.removed(state(version)); }
  std::vector<std::string> take_changes() { return std::exchange(changes, {}); }
  Result<Object> get(std::string const& name) const { return store.get({"demo", name}); }
  std::string names() const {
    std::string names;
    store.for_each([&](auto const& object) { names += object.metadata.name; });
    return names;
  }
  std::string owned_by(std::string_view uid) const {
    std::string names;
    auto const owned = store.owned_by(uid);
    if (!owned) return owned.error().message;
    for (auto const& object : *owned) names += object.metadata.name;
    return names;
  }
};

using Changes = std::vector<std::string>;

}  // namespace

SCENARIO("a list fills the store at once") {
  Watched watched;
  CHECK(!watched.store.synced());
  watched.store.replace_started();
  watched.store.seen(state({"b", "2", "5", "x"}), Origin::List);
  watched.store.seen(state({"a", "1", "9", "x"}), Origin::List);
  CHECK(watched.store.size() == 0);
  CHECK(watched.get("a").error().fault == Fault::NotFound);
  CHECK(watched.changes.empty());
  watched.store.replace_finished("10");
  CHECK(watched.store.synced());
  CHECK(watched.store.resource_version() == "10");
  CHECK(watched.names() == "ab");
  CHECK(watched.get("a").value().metadata.uid == "1");
  CHECK(watched.owned_by("x") == "ab");
  CHECK(watched.owned_by("y").empty());
  CHECK(watched.changes == Changes{"demo/a - 1@9 list", "demo/b - 2@5 list"});
}

SCENARIO("events change the store one by one") {
  Watched watched;
  watched.list({}, "1");
  watched.see({"b", "2", "2", "x"});
  watched.see({"a", "1", "3", "x"});
  watched.see({"b", "2", "4", "y"});
  CHECK(watched.names() == "ab");
  CHECK(watched.owned_by("x") == "a");
  CHECK(watched.owned_by("y") == "b");
  watched.remove({"a", "1", "5"});
  CHECK(watched.names() == "b");
  CHECK(watched.owned_by("x").empty());
  watched.remove({"a", "1", "6"});
  CHECK(watched.changes == Changes{"demo/b - 2@2 watch", "demo/a - 1@3 watch",
                                   "demo/b 2@2 2@4 watch", "demo/a 1@3 - watch"});
}

SCENARIO("a new list tells of what it lacks, and keeps what did not change") {
  Watched watched;
  watched.list({{"a", "1", "1"}, {"b", "2", "2"}, {"c", "3", "3"}}, "3");
  watched.take_changes();
  watched.list({{"d", "4", "6"}, {"b", "2", "5"}, {"a", "1", "1", "none", "not read"}}, "6");
  CHECK(watched.names() == "abd");
  CHECK(watched.get("a").value().number == 1);
  CHECK(watched.take_changes() ==
        Changes{"demo/b 2@2 2@5 list", "demo/c 3@3 - list", "demo/d - 4@6 list"});
  watched.list({}, "7");
  CHECK(watched.store.size() == 0);
  CHECK(watched.changes.size() == 3);
}

SCENARIO("a list that is abandoned leaves no trace") {
  Watched watched;
  watched.list({{"a", "1", "1"}}, "3");
  watched.take_changes();
  watched.store.replace_started();
  watched.see({"b", "2", "4"});
  watched.store.replace_abandoned();
  CHECK(watched.names() == "a");
  CHECK(watched.changes.empty());
  watched.store.replace_finished("9");
  CHECK(watched.store.resource_version() == "3");
  watched.see({"c", "3", "5"});
  CHECK(watched.names() == "ac");
}

SCENARIO("a streamed list may take back what it said") {
  Watched watched;
  watched.list({{"c", "3", "1"}}, "1");
  watched.take_changes();
  watched.store.replace_started();
  watched.see({"b", "2", "2"});
  watched.see({"a", "1", "3", "x"});
  watched.see({"a", "1", "4", "y"});
  watched.remove({"b", "2", "5"});
  watched.see({"c", "3", "1"});
  watched.see({"c", "3", "6"});
  watched.see({"a", "1", "7", "z"});
  CHECK(watched.names() == "c");
  watched.store.replace_finished("7");
  CHECK(watched.owned_by("x").empty());
  CHECK(watched.owned_by("z") == "a");
  CHECK(watched.changes == Changes{"demo/a - 1@7 list", "demo/c 3@1 3@6 list"});
}

SCENARIO("an object that was created anew is told of as gone and as new") {
  Watched watched;
  watched.list({{"a", "1", "1"}, {"b", "2", "2"}}, "2");
  watched.take_changes();
  watched.see({"a", "8", "8"});
  watched.list({{"a", "8", "8"}, {"b", "9", "9"}}, "9");
  CHECK(watched.changes == Changes{"demo/a 1@1 - watch", "demo/a - 8@8 watch", "demo/b 2@2 - list",
                                   "demo/b - 9@9 list"});
}

SCENARIO("an event of a watch does not bring back the past") {
  Watched watched;
  watched.list({{"a", "2", "10"}}, "10");
  watched.take_changes();
  watched.see({"a", "2", "9"});
  watched.see({"a", "2", "10"});
  watched.see({"a", "1", "5"});
  watched.remove({"a", "1", "6"});
  CHECK(watched.get("a").value().metadata.resource_version == "10");
  CHECK(watched.changes.empty());
  watched.list({{"a", "2", "9"}}, "9");  // a server restored from a backup
  CHECK(watched.changes == Changes{"demo/a 2@10 2@9 list"});
}

SCENARIO("an event that comes again does not bring back what is gone") {
  Watched watched;
  watched.list({{"a", "1", "5"}}, "5");
  watched.see({"b", "2", "8"});
  watched.store.advanced("8");
  watched.remove({"a", "1", "9"});
  watched.store.advanced("9");
  watched.take_changes();
  watched.see({"a", "1", "5"});
  watched.see({"a", "1", "9"});
  watched.see({"c", "3", "7"});
  CHECK(watched.names() == "b");
  CHECK(watched.changes.empty());
  watched.see({"a", "4", "10"});
  CHECK(watched.take_changes() == Changes{"demo/a - 4@10 watch"});
  WHEN("a new list goes back, as after a restore") {
    watched.list({{"a", "1", "5"}}, "6");
    watched.take_changes();
    THEN("what follows it counts") {
      watched.see({"c", "3", "7"});
      CHECK(watched.changes == Changes{"demo/c - 3@7 watch"});
    }
  }
}

SCENARIO("versions that cannot be compared are taken as they come") {
  Watched watched;
  watched.list({{"a", "1", "x"}}, "x");
  watched.see({"a", "1", "w"});
  watched.see({"a", "1", ""});
  watched.see({"a", "1", ""});
  CHECK(watched.changes.size() == 4);
  CHECK(watched.store.has_seen("x"));
  CHECK(!watched.store.has_seen("w"));
  watched.store.advanced("w");
  CHECK(watched.store.has_seen("w"));
}

SCENARIO("an object that cannot be read is there, and says why it cannot be had") {
  Watched watched;
  watched.list({{"a", "1", "1", "x"}, {"b", "2", "2", "x", "many"}}, "2");
  CHECK(watched.store.size() == 2);
  CHECK(watched.names() == "a");
  Error const why{Fault::Invalid,
                  "demo/b: number: expected an integer from -9223372036854775808 to "
                  "9223372036854775807, found a string"};
  REQUIRE(!watched.get("b"));
  CHECK(watched.get("b").error() == why);
  CHECK(watched.owned_by("x") == why.message);
  CHECK(watched.take_changes() == Changes{"demo/a - 1@1 list", "demo/b - - list unreadable"});
  WHEN("a list shows it again") {
    watched.list({{"a", "1", "1", "x"}, {"b", "2", "2", "x", "many"}}, "3");
    THEN("nothing changed") {
      CHECK(watched.changes.empty());
      CHECK(watched.get("b").error() == why);
    }
  }
  WHEN("it is mended") {
    watched.see({"b", "2", "3", "x", 2});
    THEN("it can be had") {
      CHECK(watched.names() == "ab");
      CHECK(watched.owned_by("x") == "ab");
      CHECK(watched.changes == Changes{"demo/b - 2@3 watch"});
    }
  }
  WHEN("another breaks") {
    watched.see({"a", "1", "3", "y", json::array{}});
    THEN("it is told of with what was known") {
      CHECK(watched.changes == Changes{"demo/a 1@1 - watch unreadable"});
      CHECK(watched.store.size() == 2);
    }
  }
  WHEN("it goes away") {
    watched.remove({"b", "2", "3"});
    THEN("it is gone, and its owner's others can be had") {
      CHECK(watched.get("b").error().fault == Fault::NotFound);
      CHECK(watched.owned_by("x") == "a");
      CHECK(watched.changes == Changes{"demo/b - - watch"});
    }
  }
}

SCENARIO("what has no name is passed over, and metadata may be anything") {
  Watched watched;
  watched.list({}, "1");
  for (auto const* const text : {"null", "[]", "{}", R"({"metadata": 1})",
                                 R"({"metadata": {"name": 1}})", R"({"metadata": {"name": ""}})"}) {
    watched.store.seen(json::parse(text), Origin::Watch);
    watched.store.removed(json::parse(text));
  }
  CHECK(watched.store.size() == 0);
  watched.store.seen(
      json::parse(R"({"metadata": {"name": "a", "ownerReferences": [1, {}, {"uid": "x"}]}})"),
      Origin::Watch);
  CHECK(watched.store.size() == 1);
  CHECK(watched.store.get({"", "a"}).error().fault == Fault::Invalid);
  CHECK(!watched.store.owned_by("x"));
}

SCENARIO("the store knows up to which version it has seen everything") {
  Watched watched;
  std::size_t advances = 0;
  watched.store.on_advance([&advances] { ++advances; });
  CHECK(!watched.store.has_seen("1"));
  watched.list({}, "9");
  CHECK(watched.store.has_seen("9"));
  CHECK(watched.store.has_seen("8"));
  CHECK(!watched.store.has_seen("10"));
  watched.store.advanced("10");
  CHECK(watched.store.has_seen("10"));
  watched.store.advanced("7");
  watched.store.advanced("");
  CHECK(watched.store.resource_version() == "10");
  watched.store.replace_started();
  watched.store.advanced("20");  // of the list that does not show yet
  CHECK(!watched.store.has_seen("20"));
  CHECK(advances == 2);
  watched.store.replace_finished("5");
  CHECK(watched.store.resource_version() == "5");
  CHECK(advances == 3);
}

SCENARIO("whoever hears of a change finds it in the store") {
  kube::Store<Object> store;
  std::vector<bool> found;
  store.on_change([&](auto const& change) {
    found.push_back(store.get(change.ref).has_value() == change.after.has_value());
  });
  store.replace_started();
  store.seen(state({"a", "1", "1"}), Origin::List);
  store.replace_finished("1");
  store.seen(state({"b", "2", "2"}), Origin::Watch);
  store.removed(state({"b", "2", "3"}));
  store.replace_started();
  store.replace_finished("4");
  CHECK(found == std::vector{true, true, true, true});
}

SCENARIO("an owner that is named twice owns once") {
  kube::Store<Object> store;
  auto object = state({"a", "1", "1", "x"});
  auto& owners = object.as_object()["metadata"].as_object()["ownerReferences"].as_array();
  owners.push_back(owners[0]);
  store.seen(object, Origin::Watch);
  CHECK(store.owned_by("x")->size() == 1);
  store.removed(state({"a", "1", "2"}));
  CHECK(store.owned_by("x")->empty());
}
