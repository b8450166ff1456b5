#pragma once
#include "common/json/json.hpp"
#include "common/kube/timestamp.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kube {

/// One object, as others speak of it (core/v1).
struct ObjectReference {
  std::string api_version;
  std::string kind;
  std::string namespace_;
  std::string name;
  std::string uid;
  auto operator<=>(ObjectReference const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ObjectReference, (), (api_version, kind, namespace_, name, uid))

enum class EventType { Normal, Warning };
BOOST_DESCRIBE_ENUM(EventType, Normal, Warning)

/// Whatever is equal in this is the same event, seen again: its text is not part of it
/// (client-go tools/events/event_broadcaster.go, getKey).
struct EventKey {
  ObjectReference regarding;
  EventType type = EventType::Normal;
  std::string reason;
  std::string action;
  auto operator<=>(EventKey const&) const = default;
};

/// Who tells of an event.
struct Reporter {
  std::string controller;  ///< "valkey-operator.dev/operator": a qualified name
  std::string instance;    ///< the pod; not empty
  bool operator==(Reporter const&) const = default;
};

/// How often an event was seen, at least twice.
struct EventSeries {
  std::int32_t count = 2;
  Timestamp last_observed;
  bool operator==(EventSeries const&) const = default;
};

/// Of events.k8s.io/v1.
struct Event {
  EventKey key;
  std::string note;
  Timestamp time;
  std::string name;
  std::optional<EventSeries> series;
  bool operator==(Event const&) const = default;
};

/// The event as an API server takes it: too long texts are cut (kubernetes
/// pkg/apis/core/validation/events.go), and what is no UTF-8 is replaced.
Event event_of(EventKey key, std::string_view note, Timestamp time, std::string name);

/// "cache.17f3a…": an object and a time in nanoseconds make a name (client-go tools/record/util).
std::string event_name(std::string_view object, std::chrono::nanoseconds since_1970);

/// Where it is kept: with its object, or in "default" if that is in no namespace.
std::string event_namespace(Event const& event);

json::object whole(Event const& event, Reporter const& reporter);

/// What changes when it is seen again (RFC 7386). It has to have a series.
json::object series_patch(Event const& event);

}  // namespace kube
