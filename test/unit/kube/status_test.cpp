#include "common/kube/status.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

using kube::Status;

namespace {

constexpr auto json_type = "application/json";

Status answer(unsigned code, std::string_view body) {
  return kube::status_of(code, json_type, body);
}

Fault fault(unsigned code, std::string const& reason) {
  return kube::fault_of(answer(code, R"({"kind": "Status", "reason": ")" + reason + R"("})"));
}

}  // namespace

SCENARIO("a Status is read with its details") {
  auto const status = answer(409, R"({"kind": "Status", "apiVersion": "v1", "metadata": {},
      "status": "Failure", "message": "no", "reason": "AlreadyExists", "code": 409,
      "details": {"name": "a", "group": "apps", "kind": "statefulsets", "uid": "u",
                  "causes": [{"reason": "r", "message": "m", "field": "f"}],
                  "retryAfterSeconds": 3}})");
  CHECK(status.status == "Failure");
  CHECK(status.code == 409);
  CHECK(status.reason == "AlreadyExists");
  CHECK(status.details.name == "a");
  CHECK(status.details.group == "apps");
  CHECK(status.details.kind == "statefulsets");
  CHECK(status.details.uid == "u");
  CHECK(status.details.causes == std::vector<kube::StatusCause>{{"r", "m", "f"}});
  CHECK(status.details.retry_after_seconds == 3);
  CHECK(kube::error_of(status) == Error{Fault::Conflict, "409 AlreadyExists: no"});
}

SCENARIO("an answer that is no Status is one of its code, with the text there is") {
  auto const page = kube::status_of(502, "text/html; charset=utf-8", "\n<html>no \xff</html>\n");
  CHECK(page.code == 502);
  CHECK(page.reason.empty());
  CHECK(page.message == "<html>no \uFFFD</html>");
  CHECK(kube::error_of(page) == Error{Fault::Transient, "502: <html>no \uFFFD</html>"});
  CHECK(kube::error_of(answer(503, "")) == Error{Fault::Transient, "503"});
  CHECK(answer(500, R"({"kind": "Status", "mess)").message == R"({"kind": "Status", "mess)");
  CHECK(answer(500, R"({"kind": "Pod"})").message == R"({"kind": "Pod"})");
  CHECK(answer(500, R"({"kind": "Status", "message": 1})").code == 500);
  CHECK(answer(500, "[]").message == "[]");
  CHECK(answer(500, R"({"kind": "Status", "message": ")"
                    "\xff\"}")
            .message.find("\uFFFD") != std::string::npos);
  CHECK(kube::status_of(500, "application/octet-stream", "\x01\x02").message.empty());
  CHECK(kube::status_of(500, "", "text").message == "text");
  CHECK(kube::status_of(4'000'000'000, "", "").code == 999);
}

SCENARIO("what a server says is kept in bounds") {
  std::string const long_text(5000, 'x');
  CHECK(kube::status_of(500, "text/plain", long_text).message.size() == 2048);
  CHECK(answer(500, R"({"kind": "Status", "message": ")" + long_text + "\"}").message.size() ==
        2048);
  CHECK(answer(500, std::string(3 << 20, '[')).message.size() == 2048);
  std::string umlauts = "x";
  for (int count = 0; count < 2000; ++count) umlauts += "\u00E4";
  CHECK(kube::status_of(500, "text/plain", umlauts).message.size() == 2047);
  CHECK(kube::status_of(500, "text/plain", std::string(2048, '\xff')).message.size() == 2046);
  std::string causes = "{}";
  for (int count = 0; count < 1000; ++count) causes += ",{}";
  CHECK(answer(422, R"({"kind": "Status", "details": {"causes": [)" + causes + "]}}")
            .details.causes.size() == kube::most_status_causes);
}

SCENARIO("the code of the answer stands in for one that is missing or senseless") {
  CHECK(answer(404, R"({"kind": "Status"})").code == 404);
  CHECK(answer(404, R"({"kind": "Status", "code": -5})").code == 404);
  CHECK(answer(404, R"({"kind": "Status", "code": 403})").code == 403);
}

SCENARIO("a fault follows from code and reason") {
  CHECK(fault(404, "NotFound") == Fault::NotFound);
  CHECK(fault(409, "Conflict") == Fault::Conflict);
  CHECK(fault(409, "AlreadyExists") == Fault::Conflict);
  CHECK(fault(409, "") == Fault::Conflict);
  CHECK(fault(400, "BadRequest") == Fault::Invalid);
  CHECK(fault(422, "Invalid") == Fault::Invalid);
  CHECK(fault(400, "") == Fault::Invalid);
  CHECK(fault(422, "") == Fault::Invalid);
  for (unsigned const code : {301U, 401U, 402U, 403U, 405U, 406U, 413U, 415U, 418U})
    CHECK(fault(code, "") == Fault::Permanent);
  CHECK(fault(401, "Unauthorized") == Fault::Permanent);
  CHECK(fault(403, "Forbidden") == Fault::Permanent);
  for (unsigned const code : {408U, 410U, 429U, 500U, 502U, 503U, 504U, 599U})
    CHECK(fault(code, "") == Fault::Transient);
  CHECK(fault(410, "Gone") == Fault::Transient);
  CHECK(fault(410, "Expired") == Fault::Transient);
  CHECK(fault(500, "ServerTimeout") == Fault::Transient);
  CHECK(fault(500, "SomethingNew") == Fault::Transient);
}

SCENARIO("only an API server can say that an object is not there") {
  CHECK(kube::fault_of(kube::status_of(404, "text/plain", "404 page not found")) ==
        Fault::Permanent);
  CHECK(kube::fault_of(kube::status_of(404, "text/html", "<html>NotFound</html>")) ==
        Fault::Permanent);
}

SCENARIO("a version that is no longer served shows in code or reason") {
  CHECK(kube::is_gone(answer(410, "")));
  CHECK(kube::is_gone(answer(500, R"({"kind": "Status", "reason": "Expired"})")));
  CHECK(kube::is_gone(answer(500, R"({"kind": "Status", "reason": "Gone"})")));
  CHECK(!kube::is_gone(answer(500, R"({"kind": "Status", "message": "Expired Gone 410"})")));
}

SCENARIO("a version that is not served yet shows in the cause") {
  auto const with_cause = [](std::string const& start) {
    return R"({"kind": "Status", )" + start +
           R"("details": {"causes": [{"reason": "ResourceVersionTooLarge"}]}})";
  };
  CHECK(kube::wants_newer_version(answer(504, with_cause(""))));
  CHECK(kube::wants_newer_version(answer(500, with_cause(R"("reason": "Timeout", )"))));
  CHECK(!kube::wants_newer_version(answer(503, with_cause(""))));
  CHECK(!kube::wants_newer_version(answer(504, R"({"kind": "Status", "reason": "Timeout"})")));
}

SCENARIO("a server that cannot stream a list names the parameter that it refuses") {
  auto const naming = [](std::string const& field) {
    return R"({"kind": "Status", "reason": "Invalid", "details": {"kind": "ListOptions",
               "causes": [{"reason": "FieldValueForbidden", "field": ")" +
           field + R"("}]}})";
  };
  CHECK(kube::refuses_watch_list(answer(422, naming("sendInitialEvents"))));
  CHECK(kube::refuses_watch_list(answer(422, naming("resourceVersionMatch"))));  // before 1.27
  CHECK(kube::refuses_watch_list(answer(400, naming("sendInitialEvents"))));
  CHECK(!kube::refuses_watch_list(answer(422, naming("limit"))));
  CHECK(!kube::refuses_watch_list(answer(503, naming("sendInitialEvents"))));
}

SCENARIO("an error within a watch is a Status, whatever it is") {
  auto const expired =
      kube::status_of(json::parse(R"({"kind": "Status", "reason": "Expired", "code": 410})"));
  CHECK(kube::is_gone(expired));
  auto const nonsense = kube::status_of(json::parse(R"({"kind": "Pod"})"));
  CHECK(kube::error_of(nonsense) ==
        Error{Fault::Transient, "500 InternalError: an error that is no Status"});
  CHECK(kube::status_of(json::parse(R"({"kind": "Status", "code": 1e9})")).code == 500);
}
