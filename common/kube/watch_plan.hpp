#pragma once
#include "common/async/backoff.hpp"
#include "common/kube/status.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace kube {

/// How one list or watch ended.
struct WatchEnd {
  enum class Kind {
    Quiet,      ///< as streams do: by the server's time limit, or because it went away
    Lost,       ///< no answer, or one that can't be read
    Refused,    ///< the server answered with a status of failure
    Broken,     ///< the last event was an ERROR
    Malformed,  ///< what came was no list or no events
    NoEnd,      ///< a list was streamed, but its end did not come
  };

  using Duration = std::chrono::steady_clock::duration;

  Kind kind = Kind::Quiet;
  Status status;              ///< of Refused and Broken
  Duration retry_after{};     ///< of Refused: what the server asks for
  bool brought_news = false;  ///< an event or a bookmark
};

/// What a watcher does next, after what client-go's reflector does (tools/cache/reflector.go).
class WatchPlan {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  enum class Step {
    StreamList,  ///< a watch that begins with what there is
    PageList,    ///< the old way, for servers that don't stream lists
    Watch,       ///< what has changed since resource_version()
  };

  Step next() const;

  /// What was seen last; empty before there is a whole list.
  std::string const& resource_version() const { return resource_version_; }

  /// All up to this version has been seen. An older one than before, or none, counts for nothing.
  void reached(std::string_view resource_version);

  /// A step that took `lasted` has ended at `now`: how long to wait before the next.
  Duration ended(WatchEnd const& how, Duration lasted, Instant now, double fraction);

 private:
  Duration pause(Instant now, double fraction);

  std::string resource_version_;
  bool server_streams_lists_ = true;  ///< as far as it has not said that it does not
  unsigned failed_lists_ = 0;         ///< since the last whole one
  unsigned failures_ = 0;             ///< in a row
  std::optional<Instant> last_failure_;
};

}  // namespace kube
