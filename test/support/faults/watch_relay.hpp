#pragma once
#include "test/support/faults/client.hpp"
#include "test/support/faults/live_watches.hpp"
#include "test/support/faults/rules.hpp"

#include <functional>

/// Only for .cpp files: it costs seconds.
namespace faults {

/// Forwards a watch event by event, each in a chunk of its own, and does to it what is asked.
class WatchRelay {
 public:
  WatchRelay(LiveWatches& all, Script& script, Client& client, Upstream& upstream,
             std::string resource, Client::Pace pace);

  /// Says, once it is known, what status the client is told; then forwards until the watch ends.
  /// True if the connection can be used again.
  asio::awaitable<bool> run(std::function<void(unsigned)> began);

 private:
  /// Nothing as long as the watch goes on; then whether the connection can be used again.
  using Outcome = asio::awaitable<std::optional<bool>>;

  Outcome until_thawed();
  Outcome forward(std::string event);
  asio::awaitable<void> chunk(std::string text);

  /// Says whether the connection can be used again; `event` is the one at which the watch ends, if
  /// it ends at one.
  asio::awaitable<bool> end(End end, std::string event);

  Script& script_;
  Client& client_;
  Upstream& upstream_;
  LiveWatch live_;
  std::string resource_;
  Client::Pace pace_;
};

}  // namespace faults
