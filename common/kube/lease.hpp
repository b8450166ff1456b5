#pragma once
#include "common/kube/object.hpp"
#include "common/kube/timestamp.hpp"
#include "common/result.hpp"

#include <boost/describe/class.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace kube {

/// Times are metav1.MicroTime, and nobody decides by those that others wrote.
struct LeaseSpec {
  std::optional<std::string> holder_identity;
  std::int32_t lease_duration_seconds = 0;
  std::optional<std::string> acquire_time;
  std::optional<std::string> renew_time;
  std::int32_t lease_transitions = 0;
  bool operator==(LeaseSpec const&) const = default;
};
BOOST_DESCRIBE_STRUCT(LeaseSpec, (),
                      (holder_identity, lease_duration_seconds, acquire_time, renew_time,
                       lease_transitions))

struct Lease {
  Metadata metadata;
  LeaseSpec spec;
  bool operator==(Lease const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Lease, (), (metadata, spec))

/// As client-go has them (tools/leaderelection).
struct ElectionTiming {
  using Duration = std::chrono::steady_clock::duration;

  std::chrono::seconds lease{15};  ///< how long others wait for a holder that does not renew
  Duration renew_deadline = std::chrono::seconds{10};  ///< when such a holder has to stop
  Duration retry_period = std::chrono::seconds{2};
};

/// One elector's view of one Lease, and what follows from it. Whether another holder's lease has
/// ended is judged by our own clock, from when we saw it change: no two clocks need to agree. Who
/// leads stops `renew_deadline` after it *asked* for the last renewal that was granted, and others
/// wait for longer than that after it was; so there is never more than one leader, provided that
/// each asks leads() before it acts.
class Election {
 public:
  using Duration = std::chrono::steady_clock::duration;
  using Instant = std::chrono::steady_clock::time_point;

  Election() = default;

  /// Invalid unless lease > renew_deadline > retry_period × 1.2 > 0, and someone is to be elected.
  static Result<Election> create(ObjectRef lease, std::string identity, ElectionTiming timing = {});

  /// Tells what was read.
  void saw(Lease const& lease, Instant now);
  void saw_none();

  /// Tells what a write answered that was granted; it was asked for at `asked`.
  void granted(Lease const& lease, Instant asked, Instant now);

  /// Whether what was seen last is ours and still new, so that it can be renewed without a look.
  bool can_renew_unseen(Instant now) const;

  /// What to write in order to lead or to go on leading: with the resourceVersion that it replaces,
  /// or without one if it has to be created. Nothing while another holds the lease.
  std::optional<Lease> bid(Instant now, Timestamp time) const;

  /// What to write in order to let others lead at once, after all work has stopped; nothing if what
  /// was seen last is not ours.
  std::optional<Lease> release(Timestamp time) const;

  /// To be told before the release is written: from then on it does not lead.
  void stop() { leads_until_.reset(); }

  bool leads(Instant now) const { return leads_until_ && now < *leads_until_; }

  /// When it has to have stopped, if no renewal is granted until then.
  std::optional<Instant> leads_until() const { return leads_until_; }

  /// Who held the lease when it was seen last; empty if nobody did.
  std::string_view holder() const;

  /// How long to wait before the next attempt; `fraction`, from [0, 1), is how much of the jitter
  /// to take, which is there only for those who do not lead.
  Duration pause(Instant now, double fraction) const;

 private:
  bool is_ours() const { return holder() == identity_; }
  bool is_valid(Instant now) const;

  ObjectRef ref_;
  std::string identity_;
  ElectionTiming timing_;
  std::optional<Lease> seen_;
  Instant changed_;  ///< when we saw it change
  std::optional<Instant> leads_until_;
};

}  // namespace kube
