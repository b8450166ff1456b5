#include "common/kube/watcher.hpp"

#include "common/kube/refusal.hpp"
#include "common/kube/watch_reading.hpp"
#include "common/logging.hpp"
#include "common/random.hpp"

#include <malloc.h>

namespace kube {
namespace {

/// A list in pages, abandoned unless it is finished.
class Replacement {
 public:
  explicit Replacement(Cache& cache) : cache_{cache} { cache_.replace_started(); }
  Replacement(Replacement const&) = delete;
  Replacement& operator=(Replacement const&) = delete;
  ~Replacement() {
    if (!finished_) cache_.replace_abandoned();
  }
  void finish(std::string_view resource_version) {
    cache_.replace_finished(resource_version);
    finished_ = true;
  }

 private:
  Cache& cache_;
  bool finished_ = false;
};

/// What a list replaced lies between what it brought: malloc would keep it for ever. It costs
/// milliseconds, once for each list.
void give_back_freed_memory() { (void)malloc_trim(0); }

}  // namespace

Watcher::Watcher(Client& client, Clock& clock, Resource resource, Selection selection, Cache& cache,
                 WatcherSettings settings)
    : client_{client},
      clock_{clock},
      resource_{resource},
      selection_{std::move(selection)},
      cache_{cache},
      settings_{settings} {}

Task<> Watcher::run() {
  while (true) {
    auto const began = clock_.now();
    CO_TRY(auto const how, co_await step());
    auto const now = clock_.now();
    auto const pause = plan_.ended(how, now - began, now, random_fraction());
    if (pause > Clock::Duration{0}) CO_TRY(co_await clock_.until(later(now, pause)));
  }
}

Task<WatchEnd> Watcher::step() {
  switch (plan_.next()) {
    case WatchPlan::Step::StreamList:
      return watch(true);
    case WatchPlan::Step::PageList:
      return page_list();
    case WatchPlan::Step::Watch:
      return watch(false);
  }
  return watch(false);
}

Task<WatchEnd> Watcher::page_list() {
  Replacement replacement{cache_};
  Page page{.limit = settings_.page, .continue_token = {}, .resource_version = {}};
  while (true) {
    auto const listed = co_await client_.list(
        resource_, selection_, page,
        [this](json::value const& object) { cache_.seen(object, Origin::List); });
    if (!listed) co_return failed(WatchEnd::Kind::Lost, listed.error());
    page.continue_token = listed->continue_token;
    if (!page.continue_token.empty()) continue;
    auto const& version = listed->resource_version;
    if (version.empty())
      co_return failed(WatchEnd::Kind::Malformed, transient("a list has no version").error());
    replacement.finish(version);
    plan_.reached(version);
    give_back_freed_memory();
    co_return WatchEnd{.status = {}, .brought_news = true};
  }
}

Task<WatchEnd> Watcher::watch(bool list_first) {
  auto const spread = settings_.longest - settings_.shortest;
  auto const timeout =
      settings_.shortest + std::chrono::floor<std::chrono::seconds>(spread * random_fraction());
  auto answer =
      co_await client_.watch(resource_, selection_,
                             {.resource_version = plan_.resource_version(),
                              .list_first = list_first,
                              .timeout = timeout,
                              .head = list_first ? settings_.list_silence : settings_.silence});
  if (!answer) co_return failed(WatchEnd::Kind::Lost, answer.error());
  if (answer->status() == 200) co_return co_await read(*std::move(answer), list_first);
  auto const refusal = co_await refusal_of(*answer, clock_);
  if (!refusal) co_return failed(WatchEnd::Kind::Lost, refusal.error());
  auto ended = refused(WatchEnd::Kind::Refused, refusal->status);
  ended.retry_after = refusal->retry_after.value_or(std::chrono::seconds{0});
  co_return ended;
}

Task<WatchEnd> Watcher::read(net::Incoming answer, bool list_first) {
  WatchReading reading{cache_, plan_, list_first};
  WatchDecoder decoder{[&reading](WatchEvent const& event) { reading.take(event); }};
  while (true) {
    bool const listing = reading.is_listing();
    auto const limit = listing ? settings_.list_silence : settings_.silence;
    auto const asked = clock_.now();
    auto const piece = co_await answer.next(limit);
    bool const silent = !piece && clock_.now() - asked >= limit;
    if (listing && silent) co_return failed(WatchEnd::Kind::NoEnd, piece.error());
    if (!piece) co_return failed(WatchEnd::Kind::Lost, piece.error());
    if (piece->empty()) co_return ended(reading);
    auto const fed = decoder.feed(*piece);
    if (!fed) co_return failed(WatchEnd::Kind::Malformed, fed.error());
    if (listing && !reading.is_listing()) give_back_freed_memory();
    if (auto const& error = reading.error()) co_return refused(WatchEnd::Kind::Broken, *error);
  }
}

Result<WatchEnd> Watcher::ended(WatchReading const& reading) const {
  if (reading.unknown() > 0)
    logging::warning("events of unknown types passed over",
                     {{"resource", resource_.plural}, {"count", reading.unknown()}});
  if (reading.is_listing())
    return failed(WatchEnd::Kind::Lost, transient("a streamed list ended before its end").error());
  return WatchEnd{.status = {}, .brought_news = reading.brought_news()};
}

Result<WatchEnd> Watcher::failed(WatchEnd::Kind kind, Error const& why) const {
  if (why.fault == Fault::Cancelled) return Failure{why};
  logging::warning("watch failed", {{"resource", resource_.plural}, {"message", why.message}});
  return WatchEnd{.kind = kind, .status = {}};
}

WatchEnd Watcher::refused(WatchEnd::Kind kind, Status status) const {
  auto const why = error_of(status);
  logging::warning("watch refused", {{"resource", resource_.plural}, {"message", why.message}});
  return {.kind = kind, .status = std::move(status)};
}

}  // namespace kube
