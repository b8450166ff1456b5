#include "common/kube/lease.hpp"

#include "common/async/backoff.hpp"

#include <limits>

namespace kube {
namespace {

constexpr double jitter_factor = 1.2;

std::int32_t one_more(std::int32_t count) {
  if (count < 0) return 1;
  return count == std::numeric_limits<std::int32_t>::max() ? count : count + 1;
}

}  // namespace

Result<Election> Election::create(ObjectRef lease, std::string identity, ElectionTiming timing) {
  if (identity.empty()) return invalid("an elector needs an identity");
  bool const renews_in_time = timing.lease > timing.renew_deadline;
  auto const longest_pause = std::chrono::duration<double>{timing.retry_period} * jitter_factor;
  bool const can_retry = timing.retry_period > Duration{} && timing.renew_deadline > longest_pause;
  if (!renews_in_time || !can_retry || timing.lease > std::chrono::hours{24})
    return invalid(
        "a lease has to last longer than the deadline to renew it, and that longer than 1.2 times "
        "the period of retries; it may last a day");
  Election election;
  election.ref_ = std::move(lease);
  election.identity_ = std::move(identity);
  election.timing_ = timing;
  return election;
}

void Election::saw(Lease const& lease, Instant now) {
  if (!seen_ || seen_->spec != lease.spec) changed_ = now;
  seen_ = lease;
  if (!is_ours()) leads_until_.reset();
}

void Election::saw_none() {
  seen_.reset();
  leads_until_.reset();
}

void Election::granted(Lease const& lease, Instant asked, Instant now) {
  saw(lease, now);
  if (is_ours()) leads_until_ = asked + timing_.renew_deadline;
}

bool Election::can_renew_unseen(Instant now) const { return is_ours() && is_valid(now); }

std::optional<Lease> Election::bid(Instant now, Timestamp time) const {
  bool const is_ours_already = is_ours();
  if (!holder().empty() && !is_ours_already && is_valid(now)) return std::nullopt;
  auto wanted = seen_.value_or(Lease{});
  wanted.metadata.name = ref_.name;
  wanted.metadata.namespace_ = ref_.namespace_name;
  auto const text = format_microseconds(time);
  auto& spec = wanted.spec;
  if (!is_ours_already) {
    spec.acquire_time = text;
    if (seen_) spec.lease_transitions = one_more(spec.lease_transitions);
  }
  spec.holder_identity = identity_;
  spec.lease_duration_seconds = static_cast<std::int32_t>(timing_.lease.count());
  spec.renew_time = text;
  return wanted;
}

std::optional<Lease> Election::release(Timestamp time) const {
  if (!seen_ || !is_ours()) return std::nullopt;
  auto released = *seen_;
  auto const text = format_microseconds(time);
  released.spec.holder_identity.reset();
  released.spec.lease_duration_seconds = 1;
  released.spec.acquire_time = text;
  released.spec.renew_time = text;
  return released;
}

std::string_view Election::holder() const {
  if (!seen_ || !seen_->spec.holder_identity) return {};
  return *seen_->spec.holder_identity;
}

Election::Duration Election::pause(Instant now, double fraction) const {
  auto const jitter = leads(now) ? 0 : jitter_factor;
  return Backoff{.first = timing_.retry_period, .most = timing_.retry_period, .jitter = jitter}
      .delay(0, fraction);
}

bool Election::is_valid(Instant now) const {
  return seen_ && now < changed_ + std::chrono::seconds{seen_->spec.lease_duration_seconds};
}

}  // namespace kube
