#include "webhook/service.hpp"

#include "test/support/captured_errors.hpp"
#include "test/support/folder.hpp"
#include "test/support/reviews.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using webhook::LiveRules;
using webhook::Service;

constexpr std::string_view bad =
    R"({"config": {"maxmemory": "2gb"}, "resources": {"limits": {"memory": "1Gi"}}})";

net::Request post(std::string target, std::string body) {
  return {.method = "POST",
          .target = std::move(target),
          .headers = {{"Content-Type", "application/json"}},
          .body = std::move(body)};
}

std::string review(std::string_view spec) {
  return json::serialize(cluster_review(nullptr, cluster_object(spec)));
}

json::value response(net::Response const& answer) {
  CHECK(answer.status == 200);
  return json::parse(answer.body).at("response");
}

}  // namespace

SCENARIO("reviews are answered by path, whatever the query says") {
  CapturedErrors const log;
  auto const rules = LiveRules::create("", "").value();
  Service const service{*rules};
  CHECK(response(service.answer(post("/validate?timeout=5s", review(bad)))).at("allowed") == false);
  CHECK(response(service.answer(post("/mutate?timeout=5s", review(bad)))).at("allowed") == true);
  CHECK(log.text().contains("\"policies\":\"memory\""));
  CHECK(log.text().contains("\"user\":\"somebody\""));
}

SCENARIO("what is no review in a POST of JSON is refused by its status") {
  auto const rules = LiveRules::create("", "").value();
  Service const service{*rules};
  auto request = post("/validate", review("{}"));
  CHECK(service.answer(request).status == 200);
  request.headers = {{"Content-Type", "Application/JSON; charset=utf-8"}};
  CHECK(service.answer(request).status == 200);
  request.headers = {{"Content-Type", "text/plain"}};
  CHECK(service.answer(request).status == 415);
  request.headers = {};
  CHECK(service.answer(request).status == 415);
  request.method = "GET";
  CHECK(service.answer(request).status == 405);
  CHECK(service.answer(post("/", review("{}"))).status == 404);
  CHECK(service.answer(post("/validate", "{}")).status == 400);
  CHECK(service.answer(post("/mutate", "")).status == 400);
}

SCENARIO("what can't be judged is refused, with the uid") {
  auto const rules = LiveRules::create("", "").value();
  Service const service{*rules};
  auto whole = review("{}");
  for (auto const* const path : {"/validate", "/mutate"}) {
    auto const answer = response(service.answer(post(path, whole.substr(0, whole.size() / 2))));
    CHECK(answer.at("allowed") == false);
    CHECK(answer.at("uid") == "705ab4f5-6393-11e8-b7cc-42010a800002");
    CHECK(answer.at("status").at("code") == 400);
  }
}

SCENARIO("a changed modes file counts from then on, unless it is wrong") {
  CapturedErrors const log;
  Folder const folder;
  auto const file = folder.write("modes.yaml", "modes: {memory: deny}");
  auto const rules = LiveRules::create(file, "").value();
  Service const service{*rules};
  auto const is_allowed = [&] {
    return response(service.answer(post("/validate", review(bad)))).at("allowed").as_bool();
  };
  CHECK_FALSE(is_allowed());
  folder.replace("modes.yaml", "modes: {memory: warn}");
  rules->look();
  CHECK(is_allowed());
  folder.replace("modes.yaml", "modes: {memory: never}");
  rules->look();
  CHECK(is_allowed());
  CHECK(log.text().contains("changed policy modes not used"));
  CHECK(log.text().contains("modes[memory]: expected one of deny, warn, audit, off"));
}

SCENARIO("a modes file that can't be used from the start is an error") {
  CHECK(LiveRules::create("/nowhere/modes.yaml", "").error().fault == Fault::NotFound);
  Folder const folder;
  auto const file = folder.write("modes.yaml", "modes: {memry: deny}");
  CHECK(LiveRules::create(file, "").error().message.starts_with(file + ": modes: there is no"));
}
