#include "test/support/faults/rules_file.hpp"
#include "test/support/present.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace faults;

namespace {

/// Verb, resource, namespace and name, as one can read them.
std::string words(std::string_view method, std::string_view target) {
  auto const call = call_of(method, target, "agent");
  return call.verb + " " + call.resource + " " + call.namespace_name + " " + call.name;
}

}  // namespace

TEST_CASE("a request is called what Kubernetes calls it") {
  CHECK(words("GET", "/api/v1/pods?limit=5") == "list pods  ");
  CHECK(words("GET", "/api/v1/pods?watch=true") == "watch pods  ");
  CHECK(words("GET", "/api/v1/namespaces/demo/pods/a") == "get pods demo a");
  CHECK(words("GET", "/api/v1/namespaces/demo") == "get namespaces  demo");
  CHECK(words("PUT", "/api/v1/namespaces/demo/finalize") == "update namespaces/finalize  demo");
  CHECK(words("POST", "/apis/apps/v1/namespaces/demo/statefulsets") ==
        "create statefulsets.apps demo ");
  CHECK(words("PATCH", "/apis/apps/v1/namespaces/demo/statefulsets/a/status") ==
        "patch statefulsets/status.apps demo a");
  CHECK(words("DELETE", "/api/v1/namespaces/demo/pods/a") == "delete pods demo a");
  CHECK(words("DELETE", "/api/v1/namespaces/demo/pods") == "deletecollection pods demo ");
  CHECK(words("GET", "/version?timeout=1s") == "get /version  ");
}

TEST_CASE("a parameter can be read and taken out of a query") {
  CHECK(parameter("watch=1&resourceVersion=12", "resourceVersion") == "12");
  CHECK(parameter("resourceVersionMatch=Exact", "resourceVersion").empty());
  CHECK(without("watch=1&limit=5&resourceVersion=12", {"watch", "resourceVersion"}) == "limit=5");
}

TEST_CASE("rules are tried in order, each for as many requests as it says") {
  Script script;
  script.add(Match{.verb = "list", .first = 2, .times = 2}, respond(500));
  script.add(Match{.resource = "pods", .times = always}, respond(429));
  auto const asked = [&](std::string_view target) {
    auto const fault = script.next(call_of("GET", target, ""));
    return fault ? std::get<Respond>(*fault).status : 200;
  };
  CHECK(asked("/api/v1/pods") == 429);
  CHECK(asked("/api/v1/secrets") == 500);
  CHECK(asked("/api/v1/namespaces/demo/pods/a") == 429);
  CHECK(asked("/api/v1/pods") == 500);
  CHECK(asked("/api/v1/pods") == 429);
  CHECK(asked("/api/v1/secrets") == 200);
}

TEST_CASE("events are told apart by type and name, and what is no event by neither") {
  Script script;
  script.add(EventMatch{.type = "!BOOKMARK", .name = "a", .times = always}, Drop{});
  auto const hit = [&](std::string_view event) { return script.next("pods", event).has_value(); };
  CHECK(hit(R"({"type":"ADDED","object":{"metadata":{"name":"a"}}})"));
  CHECK_FALSE(hit(R"({"type":"BOOKMARK","object":{"metadata":{"name":"a"}}})"));
  CHECK_FALSE(hit(R"({"type":"ADDED","object":{"metadata":{"name":"b"}}})"));
  CHECK_FALSE(hit("not JSON"));
}

TEST_CASE("rules are read from JSON") {
  auto script = parse_rules(R"({
    "requests": [{"match": {"verb": "get", "name": "a", "first": 2, "times": 2},
                  "respond": {"status": 503, "retryAfter": "1"}},
                 {"match": {"verb": "list"}, "trickle": {"bytes": 7, "every": "1.5s"}}],
    "events": [{"match": {"type": "DELETED"}, "end": {"how": "WithinEvent"}}]})")
                    .value();
  auto const get = call_of("GET", "/api/v1/namespaces/demo/pods/a", "");
  CHECK_FALSE(script.next(get));
  auto const answer = std::get<Respond>(present(script.next(get)));
  CHECK(answer.status == 503);
  CHECK(answer.body == respond(503).body);
  CHECK(answer.retry_after == "1");
  CHECK(script.next(get));
  CHECK_FALSE(script.next(get));
  auto const slow = std::get<Trickle>(present(script.next(call_of("GET", "/api/v1/pods", ""))));
  CHECK(slow.bytes == 7);
  CHECK(slow.every == std::chrono::milliseconds{1500});
  auto const end = std::get<End>(present(script.next("pods", R"({"type":"DELETED"})")));
  CHECK(end.how == Ending::WithinEvent);
  CHECK_FALSE(parse_rules("{}").value().next(get));
}

TEST_CASE("what is wrong with rules is said with the field that it is about") {
  auto const complaint = [](std::string_view text) { return parse_rules(text).error().message; };
  CHECK(complaint("no").starts_with("not JSON: "));
  CHECK(complaint(R"({"request": []})") == "request: there is no such field");
  CHECK(complaint(R"({"requests": [{"drop": {}}]})") == "requests[0].drop: there is no such field");
  CHECK(complaint(R"({"requests": [{"match": {}}]})") == "requests[0]: needs one fault, found 0");
  CHECK(complaint(R"({"events": [{"drop": {}, "repeat": {}}]})") ==
        "events[0]: needs one fault, found 2");
  CHECK(complaint(R"({"requests": [{"delay": {"by": 5}}]})") ==
        "requests[0].delay.by: expected a time such as \"1.5s\", found 5");
  CHECK(complaint(R"({"requests": [{"match": {"first": "2"}, "resetAfter": {}}]})")
            .starts_with("requests[0].match.first: expected an integer"));
}
