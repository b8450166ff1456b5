#include "operator/controller/freshness.hpp"

#include "common/kube/resource_version.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using controller::CacheView;
using controller::Freshness;

kube::ObjectRef const cache_object{.namespace_name = "demo", .name = "cache"};
kube::ObjectRef const other_object{.namespace_name = "demo", .name = "other"};

/// Two caches that have seen as much as a test says.
struct Caches {
  std::string pods = "10";
  std::string services = "10";
  Freshness freshness{{showing("pods", pods), showing("services", services)}};

  static CacheView showing(std::string name, std::string const& newest) {
    return {.name = std::move(name),
            .synced = [] { return true; },
            .has_seen =
                [&newest](std::string_view version) {
                  return kube::compare_versions(version, newest) != std::strong_ordering::greater;
                },
            .on_advance = [](auto const&) {}};
  }
  std::string behind(kube::ObjectRef const& owner) {
    auto const* const cache = freshness.behind(owner);
    return cache ? cache->name : "";
  }
};

}  // namespace

SCENARIO("a cache that has shown no write yet is behind until it has") {
  Caches caches;
  CHECK(caches.behind(cache_object).empty());
  caches.freshness.wrote(cache_object, "pods", "11");
  CHECK(caches.behind(cache_object) == "pods");
  CHECK(caches.behind(other_object).empty());
  caches.pods = "11";
  CHECK(caches.behind(cache_object).empty());
  caches.pods = "10";
  CHECK(caches.behind(cache_object).empty());  // what was seen is not asked for again
}

SCENARIO("of several writes the newest counts, in whatever order they are told") {
  Caches caches;
  caches.freshness.wrote(cache_object, "pods", "101");
  caches.freshness.wrote(cache_object, "pods", "99");
  caches.pods = "99";
  CHECK(caches.behind(cache_object) == "pods");
  caches.pods = "101";
  CHECK(caches.behind(cache_object).empty());
}

SCENARIO("every cache that was written to is waited for") {
  Caches caches;
  caches.freshness.wrote(cache_object, "services", "12");
  caches.freshness.wrote(cache_object, "pods", "11");
  caches.pods = "12";
  CHECK(caches.behind(cache_object) == "services");
  caches.services = "12";
  CHECK(caches.behind(cache_object).empty());
}

SCENARIO("what was written for an owner can be forgotten, that of others stays") {
  Caches caches;
  caches.freshness.wrote(cache_object, "pods", "11");
  caches.freshness.wrote(cache_object, "services", "11");
  caches.freshness.wrote(other_object, "pods", "11");
  caches.freshness.forget(cache_object);
  CHECK(caches.behind(cache_object).empty());
  CHECK(caches.behind(other_object) == "pods");
}

SCENARIO("once forgotten, lower versions count again, as after a backup was restored") {
  Caches caches;
  caches.freshness.wrote(cache_object, "pods", "1000");
  caches.pods = "5";
  caches.freshness.wrote(cache_object, "pods", "6");
  caches.pods = "6";
  CHECK(caches.behind(cache_object) == "pods");
  caches.freshness.forget(cache_object);
  caches.freshness.wrote(cache_object, "pods", "7");
  CHECK(caches.behind(cache_object) == "pods");
  caches.pods = "7";
  CHECK(caches.behind(cache_object).empty());
}

SCENARIO("what is not cached, or has no version, is not waited for") {
  Caches caches;
  caches.freshness.wrote(cache_object, "leases", "11");
  caches.freshness.wrote(cache_object, "pods", "");
  CHECK(caches.behind(cache_object).empty());
}
