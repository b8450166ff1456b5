#include "common/kube/status.hpp"

#include "common/ascii.hpp"
#include "common/json/mapping.hpp"
#include "common/utf8.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <optional>

namespace kube {
namespace {

constexpr std::size_t longest_document = std::size_t{1} << 20;

void shorten(std::string& text) { text.resize(utf8::shortened(text, longest_status_text).size()); }

void shorten(Status& status) {
  auto& details = status.details;
  for (auto* const text : {&status.status, &status.reason, &status.message, &details.name,
                           &details.group, &details.kind, &details.uid})
    shorten(*text);
  if (details.causes.size() > most_status_causes) details.causes.resize(most_status_causes);
  for (auto& cause : details.causes)
    for (auto* const text : {&cause.reason, &cause.message, &cause.field}) shorten(*text);
}

std::optional<Status> decoded(json::value const& document) {
  auto const* const object = document.if_object();
  auto const* const kind = object ? object->if_contains("kind") : nullptr;
  if (!kind || *kind != "Status") return std::nullopt;
  auto status = mapping::decode<Status>(document);
  if (!status) return std::nullopt;
  shorten(*status);
  return *std::move(status);
}

std::optional<Status> decoded(std::string_view body) {
  if (body.size() > longest_document) return std::nullopt;
  boost::system::error_code failure;
  auto const document = json::parse(body, failure);
  return failure ? std::nullopt : decoded(document);
}

/// What bodies of other types hold would not make sense in a message.
bool is_readable(std::string_view content_type) {
  return content_type.empty() || content_type.starts_with("text/") ||
         content_type.starts_with("application/json");
}

std::string readable_text(std::string_view body) {
  constexpr std::string_view blank = " \t\r\n";
  auto text = utf8::repaired(ascii::trimmed(body, blank).substr(0, longest_status_text));
  shorten(text);
  return std::string{ascii::trimmed(text, blank)};
}

struct ReasonFault {
  std::string_view reason;
  Fault fault;
};
/// apimachinery pkg/apis/meta/v1/types.go
constexpr auto reasons = std::to_array<ReasonFault>({{"NotFound", Fault::NotFound},
                                                     {"AlreadyExists", Fault::Conflict},
                                                     {"Conflict", Fault::Conflict},
                                                     {"Invalid", Fault::Invalid},
                                                     {"BadRequest", Fault::Invalid},
                                                     {"Unauthorized", Fault::Permanent},
                                                     {"Forbidden", Fault::Permanent},
                                                     {"MethodNotAllowed", Fault::Permanent},
                                                     {"NotAcceptable", Fault::Permanent},
                                                     {"RequestEntityTooLarge", Fault::Permanent},
                                                     {"UnsupportedMediaType", Fault::Permanent},
                                                     {"Gone", Fault::Transient},
                                                     {"Expired", Fault::Transient},
                                                     {"Timeout", Fault::Transient},
                                                     {"ServerTimeout", Fault::Transient},
                                                     {"StorageReadError", Fault::Transient},
                                                     {"TooManyRequests", Fault::Transient},
                                                     {"InternalError", Fault::Transient},
                                                     {"ServiceUnavailable", Fault::Transient}});

Fault fault_of_code(std::int32_t code) {
  if (code == 400 || code == 422) return Fault::Invalid;
  if (code == 409) return Fault::Conflict;
  if (code == 408 || code == 410 || code == 429 || code >= 500) return Fault::Transient;
  return Fault::Permanent;
}

bool names_cause(Status const& status, auto const& matches) {
  return std::ranges::any_of(status.details.causes, matches);
}

}  // namespace

Status status_of(unsigned http_code, std::string_view content_type, std::string_view body) {
  auto const code = static_cast<std::int32_t>(std::min(http_code, 999U));
  if (auto status = decoded(body)) {
    if (status->code < 100 || status->code > 599) status->code = code;
    return *std::move(status);
  }
  Status bare;
  bare.status = code < 400 ? "Success" : "Failure";
  bare.code = code;
  if (is_readable(content_type)) bare.message = readable_text(body);
  return bare;
}

Status status_of(json::value const& event_object) {
  constexpr std::int32_t internal_error = 500;
  if (auto status = decoded(event_object)) {
    if (status->code < 100 || status->code > 599) status->code = internal_error;
    return *std::move(status);
  }
  Status unknown;
  unknown.status = "Failure";
  unknown.code = internal_error;
  unknown.reason = "InternalError";
  unknown.message = "an error that is no Status";
  return unknown;
}

Fault fault_of(Status const& status) {
  auto const* const known = std::ranges::find(reasons, status.reason, &ReasonFault::reason);
  return known == reasons.end() ? fault_of_code(status.code) : known->fault;
}

Error error_of(Status const& status) {
  auto text = std::to_string(status.code);
  if (!status.reason.empty()) text += " " + status.reason;
  if (!status.message.empty()) text += ": " + status.message;
  return {fault_of(status), text};
}

bool is_gone(Status const& status) {
  return status.code == 410 || status.reason == "Expired" || status.reason == "Gone";
}

bool wants_newer_version(Status const& status) {
  return (status.code == 504 || status.reason == "Timeout") &&
         names_cause(status, [](StatusCause const& cause) {
           return cause.reason == "ResourceVersionTooLarge";
         });
}

bool refuses_watch_list(Status const& status) {
  return (status.code == 422 || status.code == 400) &&
         names_cause(status, [](StatusCause const& cause) {
           return cause.field == "sendInitialEvents" || cause.field == "resourceVersionMatch";
         });
}

}  // namespace kube
