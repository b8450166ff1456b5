#include "common/kube/access.hpp"

#include "test/support/captured_errors.hpp"
#include "test/support/scripted_api.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;

/// A guard, and an API server that knows Ada's token and what she may do.
class World {
 public:
  /// The status that `authorization` is refused with; 200 if it is not.
  unsigned asked(std::string const& authorization, std::string target = "/metrics?x=1") {
    net::Request request{.target = std::move(target), .headers = {}, .body = {}};
    if (!authorization.empty()) request.headers.add("Authorization", authorization);
    auto const asking = loop_.start(guard_.refusal(std::move(request)));
    REQUIRE(loop_.until([&] { return !asking.is_running(); }));
    auto const& refusal = asking.outcome().value();
    return refusal ? refusal->status : 200;
  }

  ManualLoop& loop() { return loop_; }

  bool allowed = true;
  unsigned broken = 0;  ///< the status of all answers, if they are no success
  std::vector<json::object> reviews;

 private:
  net::Response answer(net::Request const& request) {
    auto const review = json::parse(request.body).as_object();
    reviews.push_back(review);
    if (broken != 0) return refusal(broken, "InternalError");
    if (review.at("kind") == "SubjectAccessReview")
      return json_answer({{"status", {{"allowed", allowed}}}});
    if (review.at("spec").at("token") != "adas") return json_answer({{"status", {{"error", "?"}}}});
    json::object const ada{{"username", "ada"},
                           {"uid", "u-1"},
                           {"groups", {"ops", "dev"}},
                           {"extra", {{"scopes", {"view", "edit"}}}}};
    return json_answer({{"status", {{"authenticated", true}, {"user", ada}}}});
  }

  CapturedErrors errors_;
  ManualLoop loop_;
  ScriptedApi api_{loop_, [this](net::Request const& request) { return answer(request); }};
  kube::AccessGuard guard_{api_.client(), loop_.clock()};
};

}  // namespace

SCENARIO("who shows a token that the API server knows may do what the roles say") {
  World world;
  WHEN("that is allowed") {
    CHECK(world.asked("Bearer adas") == 200);
    THEN("the API server was asked about the token, and then about that user and path") {
      REQUIRE(world.reviews.size() == 2);
      CHECK(world.reviews[0] ==
            json::parse(R"({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
                "spec": {"token": "adas"}})"));
      CHECK(world.reviews[1] ==
            json::parse(R"({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
                "spec": {"nonResourceAttributes": {"path": "/metrics", "verb": "get"},
                    "user": "ada", "uid": "u-1", "groups": ["ops", "dev"],
                    "extra": {"scopes": ["view", "edit"]}}})"));
    }
    THEN("it is not asked again for a minute") {
      world.loop().advance(59s);
      CHECK(world.asked("Bearer adas") == 200);
      CHECK(world.reviews.size() == 2);
      world.loop().advance(1s);
      CHECK(world.asked("Bearer adas") == 200);
      CHECK(world.reviews.size() == 4);
    }
    THEN("what is allowed for one path is not for another") {
      world.allowed = false;
      CHECK(world.asked("Bearer adas", "/other") == 403);
      CHECK(world.asked("Bearer adas") == 200);
    }
  }
  WHEN("it is not") {
    world.allowed = false;
    CHECK(world.asked("Bearer adas") == 403);
    THEN("that is not remembered: the right may be granted now") {
      world.allowed = true;
      CHECK(world.asked("Bearer adas") == 200);
    }
  }
}

SCENARIO("who shows no token that the API server knows is not let in") {
  World world;
  CHECK(world.asked("") == 401);
  CHECK(world.asked("Bearer ") == 401);
  CHECK(world.asked("Basic YWRhOmFkYQ==") == 401);
  CHECK(world.reviews.empty());
  CHECK(world.asked("Bearer eves") == 401);
  CHECK(world.reviews.size() == 1);
}

SCENARIO("nobody is let in while the API server does not say") {
  World world;
  world.broken = 500;
  CHECK(world.asked("Bearer adas") == 503);
  world.broken = 0;
  CHECK(world.asked("Bearer adas") == 200);
}
