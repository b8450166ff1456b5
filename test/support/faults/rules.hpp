#pragma once
#include "test/support/faults/call.hpp"

#include <chrono>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace faults {

// Designated initializers may leave out what has an initializer here.
// NOLINTBEGIN(readability-redundant-member-init)

constexpr int always = std::numeric_limits<int>::max();

/// Which requests: an empty string fits any. Of those that fit, the `first` is the first to be hit.
struct Match {
  std::string verb = {};
  std::string resource = {};
  std::string name = {};
  std::string query = {};  ///< text that is part of the query
  int first = 1;
  int times = 1;
};

/// Which events of watches.
struct EventMatch {
  std::string resource = {};
  std::string type = {};  ///< "DELETED", or "!BOOKMARK" for all but bookmarks
  std::string name = {};
  int first = 1;
  int times = 1;
};

/// What the client is told in place of what the API server would say; that is not asked.
struct Respond {
  unsigned status = 503;
  std::string body = {};
  std::string content_type = "application/json";
  std::string retry_after = {};  ///< no such header if empty
};

struct Delay {
  std::chrono::milliseconds by;
};

/// The connection is reset, and the API server never sees the request.
struct ResetBefore {};

/// The API server carries the request out; then the connection is reset in place of its answer.
struct ResetAfter {};

/// The answer's body is cut after so many bytes, and the connection ends.
struct Truncate {
  std::size_t bytes = 0;
};

/// The answer, or each event of a watch, arrives so many bytes at a time.
struct Trickle {
  std::size_t bytes = 1;
  std::chrono::milliseconds every{1};
};

/// The request is not forwarded, and never answered; the connection stays open.
struct SwallowRequest {};

/// The API server carries the request out; after so many bytes of its answer's body nothing more
/// is forwarded, and the connection stays open.
struct SwallowAnswer {
  std::size_t after = 0;
};

/// Back to an older state of the world: a list answers with it, and a watch begins there.
struct Rewind {
  std::string resource_version;
};

using RequestFault = std::variant<Respond, Delay, ResetBefore, ResetAfter, Truncate, Trickle,
                                  SwallowRequest, SwallowAnswer, Rewind>;

Respond respond(unsigned code);
Respond refuse_initial_events();

/// The event is kept back.
struct Drop {};

/// The event is sent twice.
struct Repeat {};

/// The event's object grows by an annotation of so many bytes.
struct Inflate {
  std::size_t bytes = 0;
};

/// How a watch can end.
enum class Ending {
  Proper,            ///< as HTTP wants it; the connection can be used again
  WithoutLastChunk,  ///< the connection is closed between two events
  WithinEvent,       ///< … in the middle of one
  Reset,             ///< the connection is reset
};

/// The watch ends. Its `last_words`, if any, stand in for the event at which it ends.
struct End {
  Ending how = Ending::Proper;
  std::string last_words = {};
};

// NOLINTEND(readability-redundant-member-init)

using EventFault = std::variant<Drop, Repeat, Inflate, End>;

/// An event of type ERROR, after which the watch ends.
End end_with_error(unsigned code);

/// What is to go wrong, in order: the first rule that fits decides.
class Script {
 public:
  void add(Match match, RequestFault fault) {
    requests_.push_back({std::move(match), std::move(fault), 0});
  }
  void add(EventMatch match, EventFault fault) {
    events_.push_back({std::move(match), std::move(fault), 0});
  }
  void clear();

  /// Counts a request, and says what is to become of it.
  std::optional<RequestFault> next(Call const& call);

  /// Counts an event of a watch of `resource`, a line of JSON.
  std::optional<EventFault> next(std::string_view resource, std::string_view event);

 private:
  template <class Match, class Fault>
  struct Rule {
    Match match;
    Fault fault;
    int seen = 0;
  };

  std::vector<Rule<Match, RequestFault>> requests_;
  std::vector<Rule<EventMatch, EventFault>> events_;
};

/// An event with an annotation of so many bytes more.
std::string inflated(std::string_view event, std::size_t bytes);

}  // namespace faults
