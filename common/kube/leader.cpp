#include "common/kube/leader.hpp"

#include "common/async/shielded.hpp"
#include "common/json/mapping.hpp"
#include "common/kube/kinds.hpp"
#include "common/logging.hpp"
#include "common/random.hpp"

#include <algorithm>
#include <boost/asio/ip/host_name.hpp>
#include <fmt/core.h>

namespace kube {
namespace {

using namespace std::chrono_literals;

constexpr Clock::Duration cancelled_again = 100ms;
constexpr Limit release_limit = 5s;
constexpr Clock::Duration released_again = 200ms;

/// So that one call that hangs does not cost the lease (controller-runtime pkg/leaderelection).
Limit request_limit(ElectionTiming const& timing) {
  return std::max<Limit>(1s, timing.renew_deadline / 2);
}

/// Only what is ours to say: whatever else a lease holds stays as it is.
json::object changes(LeaseSpec const& spec) {
  json::object fields{{"holderIdentity", spec.holder_identity.value_or("")},
                      {"leaseDurationSeconds", spec.lease_duration_seconds},
                      {"leaseTransitions", spec.lease_transitions}};
  if (spec.acquire_time) fields["acquireTime"] = *spec.acquire_time;
  if (spec.renew_time) fields["renewTime"] = *spec.renew_time;
  return fields;
}

Timestamp time_of(Clock const& clock) {
  return std::chrono::floor<std::chrono::microseconds>(clock.wall_time());
}

/// A child of its own, so that what it throws at once is caught too.
Task<> called(std::move_only_function<Task<>()> work) { co_return co_await work(); }

}  // namespace

Result<std::string> new_identity() {
  boost::system::error_code failure;
  auto const host = asio::ip::host_name(failure);
  if (failure) return Failure{from(failure).during("asking for the name of this machine")};
  return host + "_" + random_uuid();
}

Result<std::unique_ptr<Leader>> Leader::create(Client& client, Clock& clock,
                                               LeaderSettings settings) {
  TRY(auto election, Election::create(settings.lease, settings.identity, settings.timing));
  return std::unique_ptr<Leader>{
      new Leader{client, clock, std::move(election), std::move(settings)}};
}

Leader::Leader(Client& client, Clock& clock, Election election, LeaderSettings settings)
    : client_{client},
      clock_{clock},
      election_{std::move(election)},
      settings_{std::move(settings)},
      request_limit_{request_limit(settings_.timing)},
      measured_{settings_.lease.name} {}

Result<> Leader::gate() const {
  if (leads()) return ok;
  return permanent("not the leader by the lease " + settings_.lease.text());
}

Result<> Leader::check() const {
  if (!renewed_) return ok;
  std::chrono::duration<double> const age = clock_.now() - *renewed_;
  if (age <= settings_.timing.lease + settings_.tolerance) return ok;
  return transient(
      fmt::format("the lease {} was renewed {:.0f} s ago", settings_.lease.text(), age.count()));
}

Task<> Leader::lead(std::move_only_function<Task<>()> work) {
  auto outcome = co_await guarded(term(std::move(work)));
  stop();
  bool const throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);  // who was cancelled gives up the lease too
  bool was_cancelled = false;
  if (has_bid_) (void)co_await shielded(give_up(), was_cancelled);
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (outcome && was_cancelled) co_return cancelled();
  co_return outcome;
}

Task<> Leader::term(std::move_only_function<Task<>()> work) {
  CO_TRY(co_await acquire());
  became_leader();
  bool ignored = false;
  Result<> outcome = cancelled();
  (void)co_await together([&](TaskGroup& group) {
    group.spawn(shielded(hold(group), ignored));
    group.spawn(until_gone(std::move(work), outcome));
  });
  if (lost_) co_return Failure{*lost_};
  co_return outcome;
}

Task<> Leader::until_gone(std::move_only_function<Task<>()> work, Result<>& outcome) {
  outcome = co_await guarded(called(std::move(work)));
  work_is_gone_ = true;
  changed_.give();
  co_return ok;
}

/// Goes on until the work is gone, however often that is cancelled.
Task<> Leader::hold(TaskGroup& term) {
  return together([this, &term](TaskGroup& group) {
    group.spawn(renew());
    group.spawn(guard(term));
  });
}

/// Does not wait for a renewal that is under way: that may hang.
Task<> Leader::guard(TaskGroup& term) {
  while (!work_is_gone_) {
    auto const seen = changed_.given();
    auto const until = election_.leads_until();
    bool const still_leads = leads() && until;
    if (!still_leads) {
      lose();
      term.cancel();
    }
    auto const look_again = still_leads ? *until : later(clock_.now(), cancelled_again);
    CO_TRY(co_await changed_.after(seen, clock_, look_again));
  }
  co_return cancelled();  // so that the renewals end too
}

Task<> Leader::acquire() {
  while (true) {
    auto const outcome = co_await attempt();
    if (!outcome && outcome.error().fault == Fault::Cancelled) co_return outcome;
    if (!outcome)
      logging::warning("lease not acquired",
                       {{"lease", settings_.lease.text()}, {"message", outcome.error().message}});
    if (leads()) co_return ok;
    auto const now = clock_.now();
    CO_TRY(co_await clock_.until(later(now, election_.pause(now, random_fraction()))));
  }
}

Task<> Leader::renew() {
  while (leads()) {
    auto const now = clock_.now();
    CO_TRY(co_await clock_.until(later(now, election_.pause(now, 0))));
    auto const outcome = co_await attempt();
    if (!outcome && outcome.error().fault == Fault::Cancelled) co_return outcome;
    if (!outcome)
      logging::warning("lease not renewed",
                       {{"lease", settings_.lease.text()}, {"message", outcome.error().message}});
    changed_.give();
  }
  co_return ok;
}

/// Renews without a look while what was seen is ours, and looks if that fails.
Task<> Leader::attempt() {
  if (election_.can_renew_unseen(clock_.now())) {
    auto const outcome = co_await bid();
    if (outcome || outcome.error().fault == Fault::Cancelled) co_return outcome;
    logging::debug("lease not renewed without a look",
                   {{"lease", settings_.lease.text()}, {"message", outcome.error().message}});
  }
  CO_TRY(co_await look());
  if (renewed_ && !leads()) co_return ok;  // lost: not even what is nobody's is taken again
  if (election_.holder() == settings_.identity) measured_.took_slow_path();
  co_return co_await bid();
}

Task<> Leader::look() {
  auto const found =
      co_await within(clock_, request_limit_, client_.get(kinds::lease, settings_.lease));
  if (!found && found.error().fault == Fault::NotFound) {
    election_.saw_none();
    co_return ok;
  }
  CO_TRY(auto const lease, read(found));
  election_.saw(lease, clock_.now());
  auto const holder = election_.holder();
  if (holder_ != holder && holder != settings_.identity && !holder.empty())
    logging::info("another leads", {{"lease", settings_.lease.text()}, {"holder", holder}});
  holder_ = holder;
  co_return ok;
}

/// Nothing while another holds the lease.
Task<> Leader::bid() {
  auto const asked = clock_.now();
  auto wanted = election_.bid(asked, time_of(clock_));
  if (!wanted) co_return ok;
  has_bid_ = true;
  CO_TRY(auto const lease, co_await write(*std::move(wanted)));
  election_.granted(lease, asked, clock_.now());
  if (leads()) renewed_ = asked;
  co_return ok;
}

Task<Lease> Leader::write(Lease wanted) {
  auto const& ref = settings_.lease;
  auto const& version = wanted.metadata.resource_version;
  json::object document{{"spec", changes(wanted.spec)}};
  Task<json::value> written;
  if (version.empty()) {
    document["apiVersion"] = api_version(kinds::lease);
    document["kind"] = kinds::lease.kind;
    document["metadata"] = {{"name", ref.name}, {"namespace", ref.namespace_name}};
    written = client_.create(kinds::lease, ref, std::move(document));
  } else {
    document["metadata"] = {{"resourceVersion", version}};
    written = client_.merge_patch(kinds::lease, ref, std::move(document));
  }
  co_return read(co_await within(clock_, request_limit_, std::move(written)));
}

Result<Lease> Leader::read(Result<json::value> const& answer) {
  if (!answer) return Failure{answer.error()};
  auto lease = mapping::decode<Lease>(*answer, "Lease");
  if (lease) uid_ = lease->metadata.uid;
  return lease;
}

Task<> Leader::give_up() {
  auto const outcome = co_await within(clock_, release_limit, release());
  if (!outcome)
    logging::warning("lease not given up",
                     {{"lease", settings_.lease.text()}, {"message", outcome.error().message}});
  co_return outcome;
}

/// Whoever waits for the lease waits for this: what fails in passing is tried again.
Task<> Leader::release() {
  while (true) {
    auto const outcome = co_await try_release();
    if (outcome) co_return ok;
    auto const fault = outcome.error().fault;
    if (fault != Fault::Conflict && fault != Fault::Transient) co_return outcome;
    CO_TRY(co_await clock_.until(later(clock_.now(), released_again)));
  }
}

/// Looks first: a renewal may have been granted whose answer never came.
Task<> Leader::try_release() {
  CO_TRY(co_await look());
  auto released = election_.release(time_of(clock_));
  if (!released) co_return ok;
  CO_TRY(co_await write(*std::move(released)));
  co_return ok;
}

void Leader::became_leader() {
  logging::info("became leader",
                {{"lease", settings_.lease.text()}, {"identity", settings_.identity}});
  measured_.held();
  tell("Acquire", "became leader");
}

void Leader::lose() {
  if (lost_) return;
  auto const holder = election_.holder();
  std::string why = "it was not renewed in time";
  if (holder.empty())
    why = "nobody holds it";
  else if (holder != settings_.identity)
    why = fmt::format("{} holds it", holder);
  lost_ = permanent(fmt::format("lost the lease {}: {}", settings_.lease.text(), why)).error();
  has_ended_ = true;
  logging::error("lost leadership", {{"lease", settings_.lease.text()}, {"message", why}});
  measured_.lost();
  tell("Lose", "lost the lease: " + why);
}

/// From here on it never leads again, whatever is granted.
void Leader::stop() {
  has_ended_ = true;
  election_.stop();
  bool const led = renewed_.has_value();
  renewed_.reset();
  if (!led || lost_) return;
  logging::info("stopped leading", {{"lease", settings_.lease.text()}});
  measured_.lost();
  tell("Release", "stopped leading");
}

void Leader::tell(std::string_view action, std::string_view what) const {
  if (!settings_.events) return;
  settings_.events->record({.api_version = api_version(kinds::lease),
                            .kind = std::string{kinds::lease.kind},
                            .namespace_ = settings_.lease.namespace_name,
                            .name = settings_.lease.name,
                            .uid = uid_},
                           EventType::Normal, "LeaderElection", action,
                           fmt::format("{} {}", settings_.identity, what));
}

}  // namespace kube
