#include "common/kube/watch_reading.hpp"

#include "common/kube/peek.hpp"

namespace kube {
namespace {

std::string_view version_of(json::value const& object) {
  return text_of(metadata(object, "resourceVersion"));
}

}  // namespace

WatchReading::WatchReading(Cache& cache, WatchPlan& plan, bool list_first)
    : cache_{cache}, plan_{plan}, listing_{list_first} {
  if (listing_) cache_.replace_started();
}

WatchReading::~WatchReading() {
  if (listing_) cache_.replace_abandoned();
}

void WatchReading::take(WatchEvent const& event) {
  if (error_) return;
  brought_news_ = true;
  auto const origin = listing_ ? Origin::List : Origin::Watch;
  switch (event.type) {
    case WatchEventType::Added:
    case WatchEventType::Modified:
      cache_.seen(event.object, origin);
      break;
    case WatchEventType::Deleted:
      cache_.removed(event.object);
      break;
    case WatchEventType::Bookmark:
      if (listing_ && event.ends_initial_events && !version_of(event.object).empty()) {
        cache_.replace_finished(version_of(event.object));
        listing_ = false;
      }
      break;
    case WatchEventType::Error:
      error_ = status_of(event.object);
      return;
    case WatchEventType::Unknown:
      ++unknown_;
      return;
  }
  advance(event);
}

/// The objects of a list come in any order, so that none of their versions says how far it is.
void WatchReading::advance(WatchEvent const& event) {
  auto const version = version_of(event.object);
  if (listing_ || version.empty()) return;
  plan_.reached(version);
  cache_.advanced(version);
}

}  // namespace kube
