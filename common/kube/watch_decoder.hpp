#pragma once
#include "common/kube/element_parser.hpp"

#include <optional>

namespace kube {

enum class WatchEventType {
  Added,
  Modified,
  Deleted,
  Bookmark,  ///< of the object only kind, resourceVersion and annotations
  Error,     ///< the object is a Status
  Unknown,   ///< of a type that is none of these: to be reported and passed over
};

struct WatchEvent {
  WatchEventType type;
  json::value const& object;         ///< valid only while the event is told of
  bool ends_initial_events = false;  ///< of a Bookmark: what was there at first is complete
};

/// Chunks of bytes, cut anywhere, into the events of a watch. A stream may end at any byte.
class WatchDecoder {
 public:
  using Sink = std::function<void(WatchEvent const&)>;

  explicit WatchDecoder(Sink sink, ElementLimits limits = {});
  WatchDecoder(WatchDecoder const&) = delete;
  WatchDecoder& operator=(WatchDecoder const&) = delete;
  ~WatchDecoder() = default;

  /// What is no sequence of events is Transient; nothing more can be read of the stream then.
  Result<> feed(std::string_view bytes);

 private:
  void tell(json::value const& frame);

  Sink sink_;
  std::optional<Error> malformed_;
  ElementParser frames_;
};

}  // namespace kube
