#include "common/kube/watch_plan.hpp"

#include "common/kube/resource_version.hpp"

#include <algorithm>

namespace kube {
namespace {

using namespace std::chrono_literals;

/// At worst one attempt in 30 to 60 s: 0.2 requests a second for all of an operator's watches.
constexpr Backoff backoff{.first = 800ms, .factor = 2, .most = 30s, .jitter = 1};
constexpr auto forgiven_after = 2min;
/// A watch that ends sooner and without news is a failure: it would be begun anew without a pause.
constexpr auto shortest_watch = 1s;
/// What can't be had as a stream may be had in pages. After a whole list streams are tried again:
/// lists are rare, and what was in the way of the last one need not be in the way of the next.
constexpr unsigned most_failed_streams = 2;

/// For the same watch: what the server said is about us or about itself, not about the version
/// from which we want to go on.
bool may_be_asked_again(Status const& status) {
  bool const about_us = status.code == 401 || status.code == 403 || status.code == 429;
  bool const about_itself = status.code / 100 == 5 && !wants_newer_version(status);
  return about_us || about_itself;
}

}  // namespace

WatchPlan::Step WatchPlan::next() const {
  if (!resource_version_.empty()) return Step::Watch;
  bool const streams = server_streams_lists_ && failed_lists_ < most_failed_streams;
  return streams ? Step::StreamList : Step::PageList;
}

void WatchPlan::reached(std::string_view resource_version) {
  auto const order = compare_versions(resource_version, resource_version_);
  if (resource_version.empty() || (order && *order < 0)) return;
  resource_version_ = resource_version;
  failed_lists_ = 0;
}

WatchPlan::Duration WatchPlan::ended(WatchEnd const& how, Duration lasted, Instant now,
                                     double fraction) {
  bool const listed = !resource_version_.empty();
  if (!listed) ++failed_lists_;
  switch (how.kind) {
    case WatchEnd::Kind::Quiet:
      if (listed && (how.brought_news || lasted >= shortest_watch)) return Duration{0};
      break;
    case WatchEnd::Kind::Lost:
      break;
    case WatchEnd::Kind::NoEnd:
      failed_lists_ = most_failed_streams;
      return Duration{0};
    case WatchEnd::Kind::Refused:
      if (!listed && server_streams_lists_ && refuses_watch_list(how.status)) {
        server_streams_lists_ = false;
        return Duration{0};
      }
      if (!may_be_asked_again(how.status)) resource_version_.clear();
      break;
    case WatchEnd::Kind::Broken:
    case WatchEnd::Kind::Malformed:
      resource_version_.clear();
      break;
  }
  return std::max(pause(now, fraction), how.retry_after);
}

WatchPlan::Duration WatchPlan::pause(Instant now, double fraction) {
  if (!last_failure_ || now - *last_failure_ > forgiven_after) failures_ = 0;
  last_failure_ = now;
  return backoff.delay(failures_++, fraction);
}

}  // namespace kube
