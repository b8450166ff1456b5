#pragma once
#include "test/support/faults/rules.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <set>
#include <string>

namespace faults {

class LiveWatch;

/// The watches that a proxy serves at the moment, so that they can be stopped from without.
class LiveWatches {
 public:
  /// No watch of the resource forwards anything until it is thawed; an empty string means all.
  void freeze(std::string const& resource);
  void thaw(std::string const& resource);

  /// Ends those of the resource that run now.
  void end(std::string const& resource, End const& how);

 private:
  friend LiveWatch;
  void ring() const;

  std::set<LiveWatch*> watches_;
  std::set<std::string> frozen_;
};

/// One of them, for as long as it lives.
class LiveWatch {
 public:
  LiveWatch(LiveWatches& all, std::string resource, boost::asio::any_io_executor const& executor);
  LiveWatch(LiveWatch const&) = delete;
  LiveWatch& operator=(LiveWatch const&) = delete;
  ~LiveWatch();

  /// Waits for as long as it is frozen.
  boost::asio::awaitable<void> thawed();

  /// Waits until it is to end.
  boost::asio::awaitable<void> ended();
  End end() const { return end_.value_or(End{}); }

 private:
  friend LiveWatches;
  bool is_of(std::string const& resource) const;
  boost::asio::awaitable<void> until(std::function<bool()> condition);

  LiveWatches& all_;
  std::string resource_;
  boost::asio::steady_timer bell_;
  std::optional<End> end_;
};

}  // namespace faults
