#include "test/support/faults/status.hpp"

#include "common/json/json.hpp"

#include <boost/json/serialize.hpp>

namespace faults {
namespace {

std::string_view reason(unsigned code) {
  switch (code) {
    case 400:
      return "BadRequest";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 409:
      return "Conflict";
    case 410:
      return "Expired";
    case 422:
      return "Invalid";
    case 429:
      return "TooManyRequests";
    case 500:
      return "InternalError";
    case 503:
      return "ServiceUnavailable";
    case 504:
      return "Timeout";
    default:
      return "";
  }
}

json::object status(unsigned code, std::string_view message) {
  return {{"kind", "Status"},    {"apiVersion", "v1"}, {"metadata", json::object{}},
          {"status", "Failure"}, {"message", message}, {"reason", reason(code)},
          {"code", code}};
}

}  // namespace

std::string status_body(unsigned code, std::string_view message) {
  return json::serialize(status(code, message));
}

std::string error_event(unsigned code) {
  return json::serialize(json::object{{"type", "ERROR"}, {"object", status(code, "made to fail")}});
}

std::string initial_events_refused() {
  std::string const why =
      "Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is "
      "enabled";
  auto refusal = status(
      422, std::string{"ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: "} + why);
  json::object const cause{
      {"reason", "FieldValueForbidden"}, {"message", why}, {"field", "sendInitialEvents"}};
  refusal["details"] = json::object{
      {"group", "meta.k8s.io"}, {"kind", "ListOptions"}, {"causes", json::array{cause}}};
  return json::serialize(refusal);
}

}  // namespace faults
