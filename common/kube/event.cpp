#include "common/kube/event.hpp"

#include "common/json/mapping.hpp"
#include "common/kube/kinds.hpp"
#include "common/utf8.hpp"

#include <fmt/format.h>

namespace kube {
namespace {

constexpr std::size_t longest_word = 128;  ///< of a reason, an action and an instance, in bytes
constexpr std::size_t longest_note = 1024;
constexpr std::size_t longest_name = 253;
constexpr std::size_t longest_time = 17;  ///< a dot and 64 bits in hexadecimal

std::string cut(std::string_view text, std::size_t most) {
  auto const valid = utf8::repaired(text.substr(0, 4 * most));  // so much may be left of it
  return std::string{utf8::shortened(valid, most)};
}

json::object series_of(EventSeries const& series) {
  return {{"count", series.count}, {"lastObservedTime", format_microseconds(series.last_observed)}};
}

}  // namespace

Event event_of(EventKey key, std::string_view note, Timestamp time, std::string name) {
  key.reason = cut(key.reason, longest_word);
  key.action = cut(key.action, longest_word);
  return {.key = std::move(key),
          .note = cut(note, longest_note),
          .time = time,
          .name = std::move(name),
          .series = {}};
}

std::string event_name(std::string_view object, std::chrono::nanoseconds since_1970) {
  auto name = std::string{object.substr(0, longest_name - longest_time)};
  while (name.ends_with('.') || name.ends_with('-')) name.pop_back();
  return fmt::format("{}.{:x}", name, static_cast<std::uint64_t>(since_1970.count()));
}

std::string event_namespace(Event const& event) {
  auto const& own = event.key.regarding.namespace_;
  return own.empty() ? "default" : own;
}

json::object whole(Event const& event, Reporter const& reporter) {
  auto const& key = event.key;
  json::object document{{"apiVersion", api_version(kinds::event)},
                        {"kind", kinds::event.kind},
                        {"metadata", {{"name", event.name}, {"namespace", event_namespace(event)}}},
                        {"eventTime", format_microseconds(event.time)},
                        {"reportingController", reporter.controller},
                        {"reportingInstance", cut(reporter.instance, longest_word)},
                        {"type", mapping::encode(key.type)},
                        {"reason", key.reason},
                        {"action", key.action},
                        {"regarding", mapping::encode(key.regarding)},
                        {"note", event.note}};
  if (event.series) document["series"] = series_of(*event.series);
  return document;
}

json::object series_patch(Event const& event) {
  return {{"series", series_of(event.series.value_or(EventSeries{}))}};
}

}  // namespace kube
