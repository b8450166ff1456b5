#include "common/kube/events.hpp"

#include "test/support/captured_errors.hpp"
#include "test/support/present.hpp"
#include "test/support/scripted_api.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <set>

namespace {

using namespace std::chrono_literals;
using kube::EventRecorder;
using kube::EventType;

/// A recorder, and what an API server is told: all of it succeeds unless a test says otherwise.
class World {
 public:
  World() = default;
  World(World const&) = delete;
  World& operator=(World const&) = delete;
  ~World() {
    if (!is_started_) return;
    cancel();
    cancel();  // whatever still waits
    loop_.until([this] { return !task_.is_running(); });
  }

  void start() {
    task_ = loop_.start(recorder.run());
    is_started_ = true;
  }
  void record(std::string const& reason, std::string const& object = "cache") {
    recorder.record(
        {.api_version = "v1", .kind = "Pod", .namespace_ = "demo", .name = object, .uid = "u-1"},
        EventType::Normal, reason, "Scale", "note");
  }
  /// Waits until so many requests were made, and the answer to the last is there.
  void await(std::size_t requests) {
    REQUIRE(loop_.until([&] { return bodies.size() >= requests; }));
    if (refused_with != 0) REQUIRE(loop_.until([this] { return next_wait().has_value(); }));
    CHECK(bodies.size() == requests);
  }
  std::optional<Clock::Duration> next_wait() {
    auto const next = loop_.clock().earliest();
    return next ? std::optional{*next - loop_.clock().now()} : std::nullopt;
  }
  ManualLoop& loop() { return loop_; }
  ScriptedApi& api() { return api_; }
  Result<> const& outcome() const { return task_.outcome(); }
  bool is_running() const { return task_.is_running(); }
  void cancel() {
    task_.cancel();
    loop_.settle();
  }

  CapturedErrors errors;
  std::vector<json::object> bodies;  ///< of all requests
  unsigned refused_with = 0;         ///< the status of all answers, if not success
  unsigned patches_refused_with = 0;
  std::string refused_as = "ServiceUnavailable";

 private:
  net::Response answer(net::Request const& request) {
    bodies.push_back(json::parse(request.body).as_object());
    if (refused_with != 0) return refusal(refused_with, refused_as);
    if (patches_refused_with != 0 && request.method == "PATCH")
      return refusal(patches_refused_with, refused_as);
    return json_answer({});
  }

  ManualLoop loop_;
  ScriptedApi api_{loop_, [this](net::Request const& request) { return answer(request); }};

 public:
  EventRecorder recorder{api_.client(), loop_.clock(), {.controller = "c", .instance = "i"}};

 private:
  ManualLoop::Started<void> task_;
  bool is_started_ = false;
};

std::string text(json::object const& body, std::string_view key) {
  auto const* const found = body.if_contains(key);
  return found ? std::string{found->as_string()} : "";
}
std::string name(json::object const& body) {
  return std::string{body.at("metadata").at("name").as_string()};
}

}  // namespace

TEST_CASE("events are told one after the other, each by a name of its own") {
  World world;
  world.record("A");
  world.record("B");
  world.start();
  world.record("C");
  world.await(3);
  std::set<std::string> names;
  for (auto const& body : world.bodies) names.insert(name(body));
  CHECK(names.size() == 3);
  CHECK(text(world.bodies[0], "reason") == "A");
  CHECK(text(world.bodies[2], "reason") == "C");
  CHECK(world.api().asked()[0] == "POST events");
}

TEST_CASE("what is seen again is a series of one event") {
  World world;
  world.start();
  for (int time = 0; time < 5; ++time) world.record("A");
  world.await(2);
  CHECK(world.api().asked()[1] == "PATCH " + name(world.bodies[0]));
  CHECK(world.bodies[1].at("series").at("count") == 2);
  world.loop().settle();
  REQUIRE(world.loop().until([&] { return world.next_wait() == 6min; }));
  world.loop().advance(6min);
  world.await(3);
  CHECK(world.bodies[2].at("series").at("count") == 5);
}

TEST_CASE("a series whose event is gone is told anew") {
  World world;
  world.patches_refused_with = 404;
  world.refused_as = "NotFound";
  world.start();
  world.record("A");
  world.record("A");
  world.await(3);
  CHECK(world.api().asked()[2] == "POST events");
  CHECK(world.bodies[2].at("series").at("count") == 2);
  CHECK(name(world.bodies[2]) == name(world.bodies[0]));
}

TEST_CASE("what fails in passing is tried twelve times, ten seconds apart") {
  World world;
  world.refused_with = 503;
  world.start();
  world.record("A");
  world.record("B");
  world.await(1);
  CHECK(present(world.next_wait()) <= 10s);
  world.loop().advance(present(world.next_wait()));
  for (std::size_t tries = 2; tries < 12; ++tries) {
    world.await(tries);
    REQUIRE(world.loop().until([&] { return world.next_wait() == 10s; }));
    world.loop().advance(10s);
  }
  world.await(13);
  CHECK(text(world.bodies[11], "reason") == "A");
  CHECK(text(world.bodies[12], "reason") == "B");
  CHECK(world.errors.text().find("event not told") != std::string::npos);
}

TEST_CASE("what is refused is told once") {
  World world;
  world.patches_refused_with = 422;
  world.refused_as = "Invalid";
  world.start();
  world.record("A");
  world.record("A");
  world.record("B");
  world.await(3);
  CHECK(text(world.bodies[2], "reason") == "B");
  CHECK(world.errors.text().find("event not told") != std::string::npos);
}

TEST_CASE("an event that is there already is told") {
  World world;
  world.refused_with = 409;
  world.refused_as = "AlreadyExists";
  world.start();
  world.record("A");
  world.record("B");
  REQUIRE(world.loop().until([&] { return world.bodies.size() == 2; }));
  CHECK(world.errors.text().empty());
}

TEST_CASE("of too many that wait the last are dropped, and counted") {
  World world;
  for (int object = 0; object < 1003; ++object) world.record("A", std::to_string(object));
  CHECK(world.recorder.dropped() == 3);
  world.loop().clock().advance(10min);
  world.record("A", "more");
  CHECK(world.recorder.dropped() == 4);
  auto const logged = world.errors.text();
  CHECK(std::ranges::count(logged, '\n') == 2);
  CHECK(logged.find(R"("event":"events dropped","count":4)") != std::string::npos);
}

TEST_CASE("too many events of one object are left out, but counts of those that were told go on") {
  World world;
  for (int reason = 0; reason < 30; ++reason) world.record(std::to_string(reason));
  world.record("0");
  world.start();
  world.await(26);
  CHECK(text(world.bodies[24], "reason") == "24");
  CHECK(world.bodies[25].at("series").at("count") == 2);
}

TEST_CASE("a recorder that is cancelled ends once all is told") {
  World world;
  std::size_t told = 0;
  SECTION("nothing to tell") { world.start(); }
  SECTION("something to count later") {
    world.start();
    world.record("A");
    world.await(told = 1);
  }
  SECTION("what is on its way, and what waits") {
    world.start();
    world.record("A");
    world.record("B");
    told = 2;
  }
  world.cancel();
  REQUIRE(world.loop().until([&] { return !world.is_running(); }));
  CHECK(world.outcome().error().fault == Fault::Cancelled);
  CHECK(world.bodies.size() == told);
}

TEST_CASE("a recorder that is cancelled tries to tell what waits for two seconds") {
  World world;
  SECTION("a call that hangs") {
    world.api().swallow(1);
    world.start();
    world.record("A");
    REQUIRE(world.loop().until([&] { return world.api().swallowed_at().has_value(); }));
  }
  SECTION("a pause") {
    world.refused_with = 503;
    for (auto const* const reason : {"A", "B", "C"}) world.record(reason);
    world.start();
    world.await(1);
  }
  world.cancel();
  world.loop().advance(2s - 1ns);
  CHECK(world.is_running());
  world.loop().advance(1ns);
  REQUIRE(world.loop().until([&] { return !world.is_running(); }));
  CHECK(world.outcome().error().fault == Fault::Cancelled);
}
