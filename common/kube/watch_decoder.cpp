#include "common/kube/watch_decoder.hpp"

#include "common/kube/peek.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kube {
namespace {

struct NamedType {
  std::string_view name;
  WatchEventType type;
};
constexpr auto types = std::to_array<NamedType>({{"ADDED", WatchEventType::Added},
                                                 {"MODIFIED", WatchEventType::Modified},
                                                 {"DELETED", WatchEventType::Deleted},
                                                 {"BOOKMARK", WatchEventType::Bookmark},
                                                 {"ERROR", WatchEventType::Error}});

WatchEventType type_of(std::string_view name) {
  auto const* const found = std::ranges::find(types, name, &NamedType::name);
  return found == types.end() ? WatchEventType::Unknown : found->type;
}

bool ends_initial_events(json::value const& bookmark) {
  return text_of(member(metadata(bookmark, "annotations"), "k8s.io/initial-events-end")) == "true";
}

}  // namespace

WatchDecoder::WatchDecoder(Sink sink, ElementLimits limits)
    : sink_{std::move(sink)},
      frames_{Framing::Stream, [this](json::value const& frame) { tell(frame); }, limits} {}

Result<> WatchDecoder::feed(std::string_view bytes) {
  auto outcome = frames_.feed(bytes);
  if (malformed_) return Failure{*malformed_};
  return outcome;
}

void WatchDecoder::tell(json::value const& frame) {
  if (malformed_) return;
  auto const* const type = member(&frame, "type");
  auto const* const object = member(&frame, "object");
  if (!type || !type->is_string() || !object || !object->is_object()) {
    malformed_ = transient("an event of a watch has no type or no object").error();
    return;
  }
  auto const known = type_of(type->get_string());
  sink_({.type = known,
         .object = *object,
         .ends_initial_events = known == WatchEventType::Bookmark && ends_initial_events(*object)});
}

}  // namespace kube
