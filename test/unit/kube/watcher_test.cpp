#include "common/kube/watcher.hpp"

#include "common/kube/kinds.hpp"
#include "common/kube/store.hpp"
#include "test/support/captured_errors.hpp"
#include "test/support/sample_object.hpp"
#include "test/support/scripted_api.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;

namespace {

/// What a watcher asks for.
enum class Asked { Stream, Pages, Changes };

Asked asked_by(net::Request const& request) {
  if (!request.target.contains("watch=true")) return Asked::Pages;
  return request.target.contains("sendInitialEvents") ? Asked::Stream : Asked::Changes;
}

json::object named(std::string_view name) {
  return {{"metadata", {{"name", name}, {"uid", name}, {"resourceVersion", "5"}}}, {"number", 1}};
}

/// A watch that tells of "a", and ends as watches do.
net::Response streamed() { return json_answer({{"type", "ADDED"}, {"object", named("a")}}); }

net::Response streams_no_lists() {
  auto answer = json_answer({{"kind", "Status"},
                             {"code", 422},
                             {"reason", "Invalid"},
                             {"details",
                              {{"causes", json::array{{{"reason", "FieldValueForbidden"},
                                                       {"field", "sendInitialEvents"}}}}}}});
  answer.status = 422;
  return answer;
}

net::Response page(std::string_view name, std::string_view version, std::string_view next = "") {
  return json_answer({{"metadata", {{"resourceVersion", version}, {"continue", next}}},
                      {"items", json::array{named(name)}}});
}

/// A watcher of an API server that answers what it is told to, in order, and then no more.
struct Watching {
  CapturedErrors errors;
  ManualLoop loop;
  std::vector<net::Response> answers;
  std::vector<Asked> asked;
  ScriptedApi api{loop, [this](net::Request const& request) {
                    asked.push_back(asked_by(request));
                    auto answer = answers.front();
                    answers.erase(answers.begin());
                    if (answers.empty()) api.swallow(1);
                    return answer;
                  }};
  kube::Store<sample::Object> store;
  kube::Watcher watcher{api.client(), loop.clock(), kube::kinds::config_map, {}, store};
  ManualLoop::Started<void> running;

  explicit Watching(std::vector<net::Response> script) : answers{std::move(script)} {
    running = loop.start(watcher.run());
  }
  Watching(Watching const&) = delete;
  Watching& operator=(Watching const&) = delete;
  ~Watching() {
    running.cancel();
    loop.until([this] { return !running.is_running(); });
  }

  /// How long the watcher waits after so many requests, which brought no list; then that is over.
  /// It gives longer to a refusal to arrive.
  Clock::Duration pause_after(std::size_t requests) {
    auto const pause = [&] {
      return loop.clock().earliest().value_or(Clock::Instant::max()) - loop.clock().now();
    };
    REQUIRE(loop.until([&] { return asked.size() == requests && pause() < 30s; }));
    CHECK_FALSE(store.synced());
    auto const found = pause();
    loop.advance(found);
    return found;
  }
};

}  // namespace

TEST_CASE("a streamed list that ends before its end is had in pages in the end") {
  Watching watching{{streamed(), streamed(), page("b", "7")}};
  CHECK(watching.pause_after(1) >= 800ms);
  CHECK(watching.pause_after(2) >= 1600ms);
  REQUIRE(watching.loop.until([&] { return watching.store.synced(); }));
  CHECK(watching.asked == std::vector{Asked::Stream, Asked::Stream, Asked::Pages});
  CHECK(watching.store.get({"", "b"}));
  CHECK_FALSE(watching.store.get({"", "a"}));
}

TEST_CASE("a list of which a page is gone is begun anew") {
  Watching watching{
      {streams_no_lists(), page("a", "7", "next"), refusal(410, "Expired"), page("b", "9")}};
  CHECK(watching.pause_after(3) >= 800ms);
  REQUIRE(watching.loop.until([&] { return watching.store.synced(); }));
  CHECK(watching.asked == std::vector{Asked::Stream, Asked::Pages, Asked::Pages, Asked::Pages});
  CHECK(watching.store.get({"", "b"}));
  CHECK(watching.store.size() == 1);
}

TEST_CASE("a list of no version is asked for again after a pause") {
  Watching watching{{streams_no_lists(), page("a", ""), page("b", "9")}};
  CHECK(watching.pause_after(2) >= 800ms);
  REQUIRE(watching.loop.until([&] { return watching.store.synced(); }));
  CHECK(watching.store.get({"", "b"}));
}
