#include "webhook/review.hpp"

#include "common/ascii.hpp"
#include "common/base64.hpp"
#include "common/utf8.hpp"

#include <algorithm>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace webhook {
namespace {

constexpr std::string_view api_version = "admission.k8s.io/v1";
constexpr std::string_view kind = "AdmissionReview";
constexpr std::size_t longest_uid = 128;
constexpr std::size_t deepest = 64;

bool is_uid(std::string_view text) {
  return !text.empty() && text.size() <= longest_uid && std::ranges::all_of(text, [](char letter) {
    return ascii::is_letter(letter) || ascii::is_digit(letter) || letter == '-';
  });
}

/// Of bytes that are no JSON as a whole. API servers write the uid first.
std::string uid_in(std::string_view bytes) {
  constexpr std::string_view request = "\"request\"";
  constexpr std::string_view uid = "\"uid\"";
  auto const start = bytes.find(request);
  if (start == std::string_view::npos) return {};
  auto const key = bytes.find(uid, start);
  if (key == std::string_view::npos) return {};
  auto const rest = ascii::trimmed(bytes.substr(key + uid.size(), longest_uid + 8), " \t\r\n:");
  auto const end = rest.find('"', 1);
  if (!rest.starts_with('"') || end == std::string_view::npos) return {};
  auto const found = rest.substr(1, end - 1);
  return is_uid(found) ? std::string{found} : std::string{};
}

/// Where a text may be, nothing else may.
Result<std::string> text(json::object const& object, std::string_view key, std::string_view path) {
  auto const* const found = object.if_contains(key);
  if (!found || found->is_null()) return std::string{};
  std::string value;
  auto const where = std::string{path} + "." + std::string{key};
  TRY(mapping::Codec<std::string>::decode(*found, mapping::Path{where}, value));
  return value;
}

Result<json::object*> part(json::object& object, std::string_view key, std::string_view path) {
  auto* const found = object.if_contains(key);
  auto* const inner = found ? found->if_object() : nullptr;
  if (!inner) return invalid(std::string{path} + ": expected an object");
  return inner;
}

Result<Operation> operation_named(std::string_view name) {
  if (name == "CREATE") return Operation::Create;
  if (name == "UPDATE") return Operation::Update;
  if (name == "DELETE") return Operation::Delete;
  return invalid("request.operation: expected one of CREATE, UPDATE, DELETE");
}

/// By the resource, since the kind of a subresource is another's.
Result<Subject> subject_named(std::string_view group, std::string_view resource,
                              std::string_view subresource) {
  if (group == crd::valkey_cluster.group && resource == crd::valkey_cluster.plural) {
    if (subresource.empty()) return Subject::Cluster;
    if (subresource == "scale") return Subject::Scale;
  }
  if (group == crd::valkey_upgrade.group && resource == crd::valkey_upgrade.plural &&
      subresource.empty())
    return Subject::Upgrade;
  return invalid(
      "request.resource: this webhook judges valkeyclusters, valkeyclusters/scale and "
      "valkeyupgrades of valkey-operator.dev, and nothing else");
}

Result<> take_object(json::object& from, std::string_view key, bool is_wanted,
                     json::value& target) {
  auto* const found = from.if_contains(key);
  if (found && !found->is_null()) {
    if (!found->is_object()) return invalid("request." + std::string{key} + ": expected an object");
    target = std::move(*found);
  }
  if (is_wanted && target.is_null()) return invalid("request." + std::string{key} + ": is missing");
  return ok;
}

Result<> fill(json::object& source, Request& request) {
  TRY(auto const operation, text(source, "operation", "request"));
  TRY(request.operation, operation_named(operation));
  TRY(auto const* const resource, part(source, "resource", "request.resource"));
  TRY(auto const group, text(*resource, "group", "request.resource"));
  TRY(auto const plural, text(*resource, "resource", "request.resource"));
  TRY(auto const subresource, text(source, "subResource", "request"));
  TRY(request.subject, subject_named(group, plural, subresource));
  TRY(request.name, text(source, "name", "request"));
  TRY(request.namespace_name, text(source, "namespace", "request"));
  TRY(auto const* const user, part(source, "userInfo", "request.userInfo"));
  TRY(request.user, text(*user, "username", "request.userInfo"));
  bool const is_deletion = request.operation == Operation::Delete;
  bool const is_creation = request.operation == Operation::Create;
  TRY(take_object(source, "object", !is_deletion, request.object));
  TRY(take_object(source, "oldObject", !is_creation, request.old_object));
  return ok;
}

json::object encoded(kube::Status const& status) {
  json::object target{{"metadata", json::object{}},
                      {"status", "Failure"},
                      {"message", utf8::repaired(status.message)},
                      {"reason", status.reason},
                      {"code", status.code}};
  auto const& details = status.details;
  if (details.causes.empty()) return target;
  json::array causes;
  for (auto const& cause : details.causes)
    causes.push_back({{"reason", cause.reason},
                      {"message", utf8::repaired(cause.message)},
                      {"field", utf8::repaired(cause.field)}});
  target["details"] = json::object{{"name", details.name},
                                   {"group", details.group},
                                   {"kind", details.kind},
                                   {"causes", std::move(causes)}};
  return target;
}

}  // namespace

std::expected<Request, Unreadable> read_review(std::string_view bytes) {
  json::parse_options options;
  options.max_depth = deepest;
  boost::system::error_code failure;
  auto document =
      json::parse(bytes, failure, json::make_shared_resource<json::monotonic_resource>(), options);
  auto const unreadable = [](std::string uid, std::string message) {
    return std::unexpected{Unreadable{.uid = std::move(uid), .message = std::move(message)}};
  };
  if (failure) return unreadable(uid_in(bytes), "the body is not JSON: " + failure.message());

  auto* const review = document.if_object();
  auto* const found = review ? review->if_contains("request") : nullptr;
  auto* const source = found ? found->if_object() : nullptr;
  Request request;
  if (auto const uid = source ? text(*source, "uid", "request") : Result<std::string>{};
      uid && is_uid(*uid))
    request.uid = *uid;
  if (!review) return unreadable({}, "the body is no AdmissionReview");
  auto const version = text(*review, "apiVersion", "review");
  auto const named = text(*review, "kind", "review");
  if (!version || *version != api_version || !named || *named != kind)
    return unreadable(request.uid, "the body is no AdmissionReview of admission.k8s.io/v1");
  if (!source) return unreadable({}, "request: expected an object");
  if (request.uid.empty()) return unreadable({}, "request.uid: is missing");
  if (auto const filled = fill(*source, request); !filled)
    return unreadable(request.uid, filled.error().message);
  return request;
}

std::string written(std::string_view uid, Verdict const& verdict) {
  json::object response{{"uid", uid}, {"allowed", verdict.is_allowed}};
  if (!verdict.is_allowed) response["status"] = encoded(verdict.status);
  if (!verdict.patch.empty()) {
    response["patchType"] = "JSONPatch";
    response["patch"] = base64::encoded(json::serialize(verdict.patch));
  }
  if (!verdict.warnings.empty()) {
    json::array warnings;
    for (auto const& warning : verdict.warnings) warnings.emplace_back(utf8::repaired(warning));
    response["warnings"] = std::move(warnings);
  }
  if (!verdict.audit_annotations.empty()) {
    json::object annotations;
    for (auto const& [key, value] : verdict.audit_annotations)
      annotations[key] = utf8::repaired(value);
    response["auditAnnotations"] = std::move(annotations);
  }
  return json::serialize(
      json::object{{"apiVersion", api_version}, {"kind", kind}, {"response", std::move(response)}});
}

Verdict refused(std::string message) {
  Verdict verdict;
  verdict.is_allowed = false;
  verdict.status.code = 400;
  verdict.status.reason = "BadRequest";
  verdict.status.message = std::move(message);
  return verdict;
}

}  // namespace webhook
