#pragma once
#include "common/kube/cache.hpp"
#include "common/kube/watch_decoder.hpp"
#include "common/kube/watch_plan.hpp"

namespace kube {

/// The events of one watch, carried to where they belong. A list that is streamed first is
/// abandoned when its reading ends before it does.
class WatchReading {
 public:
  WatchReading(Cache& cache, WatchPlan& plan, bool list_first);
  WatchReading(WatchReading const&) = delete;
  WatchReading& operator=(WatchReading const&) = delete;
  ~WatchReading();

  void take(WatchEvent const& event);

  /// What there was at first has not all come yet.
  bool is_listing() const { return listing_; }

  /// The ERROR that ended the watch, if one did.
  std::optional<Status> const& error() const { return error_; }

  bool brought_news() const { return brought_news_; }
  std::size_t unknown() const { return unknown_; }  ///< events that nobody knows how to read

 private:
  void advance(WatchEvent const& event);

  Cache& cache_;
  WatchPlan& plan_;
  bool listing_;
  bool brought_news_ = false;
  std::size_t unknown_ = 0;
  std::optional<Status> error_;
};

}  // namespace kube
