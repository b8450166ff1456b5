#include "common/kube/watch_reading.hpp"

#include "test/support/present.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

using kube::Origin;
using kube::WatchEventType;
using kube::WatchPlan;
using kube::WatchReading;

namespace {

/// Writes down what it is told.
class Diary final : public kube::Cache {
 public:
  std::vector<std::string> entries;

  void replace_started() override { entries.emplace_back("replace"); }
  void seen(json::value const& object, Origin origin) override {
    entries.push_back((origin == Origin::List ? "listed " : "seen ") + name(object));
  }
  void removed(json::value const& object) override { entries.push_back("removed " + name(object)); }
  void replace_finished(std::string_view version) override {
    entries.push_back("replaced up to " + std::string{version});
  }
  void replace_abandoned() override { entries.emplace_back("abandoned"); }
  void advanced(std::string_view version) override {
    entries.push_back("at " + std::string{version});
  }

 private:
  static std::string name(json::value const& object) {
    return std::string{object.at("metadata").at("name").as_string()};
  }
};

json::value object(std::string_view name, std::string_view version) {
  return {{"metadata", {{"name", name}, {"resourceVersion", version}}}};
}

using Entries = std::vector<std::string>;

}  // namespace

TEST_CASE("a streamed list counts as a whole, and only once its end has come") {
  Diary diary;
  WatchPlan plan;
  {
    WatchReading reading{diary, plan, true};
    reading.take({WatchEventType::Added, object("a", "7")});
    reading.take({WatchEventType::Bookmark, object("", "8")});
    CHECK(reading.is_listing());
    CHECK(plan.resource_version().empty());
    reading.take({WatchEventType::Bookmark, object("", "9"), true});
    CHECK_FALSE(reading.is_listing());
    CHECK(plan.resource_version() == "9");
    reading.take({WatchEventType::Modified, object("a", "10")});
  }
  CHECK(diary.entries ==
        Entries{"replace", "listed a", "replaced up to 9", "at 9", "seen a", "at 10"});
}

TEST_CASE("an end of a streamed list that names no version is none") {
  Diary diary;
  WatchPlan plan;
  WatchReading reading{diary, plan, true};
  reading.take({WatchEventType::Bookmark, json::object{}, true});
  CHECK(reading.is_listing());
  CHECK(diary.entries == Entries{"replace"});
}

TEST_CASE("a streamed list that is cut short changes nothing") {
  Diary diary;
  WatchPlan plan;
  {
    WatchReading{diary, plan, true}.take({WatchEventType::Added, object("a", "7")});
  }
  CHECK(diary.entries == Entries{"replace", "listed a", "abandoned"});
  CHECK(plan.resource_version().empty());
}

TEST_CASE("a watch follows each event and bookmark") {
  Diary diary;
  WatchPlan plan;
  plan.reached("1");
  WatchReading reading{diary, plan, false};
  CHECK_FALSE(reading.brought_news());
  reading.take({WatchEventType::Added, object("a", "2")});
  reading.take({WatchEventType::Deleted, object("a", "3")});
  reading.take({WatchEventType::Bookmark, object("", "9")});
  CHECK(diary.entries == Entries{"seen a", "at 2", "removed a", "at 3", "at 9"});
  CHECK(plan.resource_version() == "9");
  CHECK(reading.brought_news());
}

TEST_CASE("an ERROR ends a watch: what follows it does not count") {
  Diary diary;
  WatchPlan plan;
  plan.reached("1");
  WatchReading reading{diary, plan, false};
  reading.take({WatchEventType::Error, {{"kind", "Status"}, {"code", 410}, {"reason", "Expired"}}});
  reading.take({WatchEventType::Added, object("a", "2")});
  CHECK(present(reading.error()).code == 410);
  CHECK(diary.entries.empty());
  CHECK(plan.resource_version() == "1");
}

TEST_CASE("events of unknown types, and objects without a version, move nothing") {
  Diary diary;
  WatchPlan plan;
  plan.reached("1");
  WatchReading reading{diary, plan, false};
  reading.take({WatchEventType::Unknown, object("a", "2")});
  reading.take({WatchEventType::Bookmark, json::object{}});
  CHECK(reading.unknown() == 1);
  CHECK(diary.entries.empty());
  CHECK(plan.resource_version() == "1");
}
