#pragma once
#include "common/json/json.hpp"
#include "common/result.hpp"

#include <boost/describe/class.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kube {

struct StatusCause {
  std::string reason;
  std::string message;
  std::string field;
  bool operator==(StatusCause const&) const = default;
};
BOOST_DESCRIBE_STRUCT(StatusCause, (), (reason, message, field))

struct StatusDetails {
  std::string name;
  std::string group;
  std::string kind;
  std::string uid;
  std::vector<StatusCause> causes;
  std::int32_t retry_after_seconds = 0;
  bool operator==(StatusDetails const&) const = default;
};
BOOST_DESCRIBE_STRUCT(StatusDetails, (), (name, group, kind, uid, causes, retry_after_seconds))

/// What an API server says of a request (metav1.Status).
struct Status {
  std::string status;
  std::int32_t code = 0;
  std::string reason;
  std::string message;
  StatusDetails details;
  bool operator==(Status const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Status, (), (status, code, reason, message, details))

/// The longest text that is kept of what a server says, in bytes (client-go rest/request.go).
inline constexpr std::size_t longest_status_text = 2048;
/// How many causes are kept.
inline constexpr std::size_t most_status_causes = 64;

/// What an answer says, whatever it is: one that is no Status, such as the page of a proxy, is a
/// Status of its code without a reason, and with what can be read of it for a message.
Status status_of(unsigned http_code, std::string_view content_type, std::string_view body);

/// What an ERROR event of a watch says; of an object that is no Status, an internal error.
Status status_of(json::value const& event_object);

/// By code and reason, never by message. What is not there is NotFound only if an API server says
/// so: a bare 404 is that of a path that nobody serves, and proves nothing about an object.
/// A 403 is Permanent, but heals when someone grants the right.
Fault fault_of(Status const& status);

/// "409 Conflict: the object has been modified"
Error error_of(Status const& status);

/// The version asked for is too old to be served: list again.
bool is_gone(Status const& status);

/// The server has not seen yet the version asked for (apiserver pkg/storage/errors.go).
bool wants_newer_version(Status const& status);

/// The server is too old to stream a list, or was told not to: list the ordinary way
/// (apimachinery pkg/apis/meta/internalversion/validation, which names the field).
bool refuses_watch_list(Status const& status);

}  // namespace kube
