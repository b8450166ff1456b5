#pragma once
#include "common/async/notice.hpp"
#include "common/async/within.hpp"
#include "common/kube/client.hpp"
#include "common/kube/events.hpp"
#include "common/kube/lease.hpp"
#include "common/metrics.hpp"

#include <functional>
#include <memory>

namespace kube {

/// "operator-7d4b_0b5e…": whom a Lease names. New for each process, so that none takes itself for
/// the one that it replaces. Transient when this machine has no name.
Result<std::string> new_identity();

struct LeaderSettings {
  ObjectRef lease;
  std::string identity;
  ElectionTiming timing{};
  Clock::Duration tolerance = std::chrono::seconds{20};  ///< of check(), beyond the lease
  EventRecorder* events = nullptr;                       ///< where it is told who leads, if at all
};

/// Leads when a Lease says so, at most once in its life: who has stopped leading is to exit, and
/// whoever starts in its place begins anew. Belongs to one thread, as do those who ask it.
class Leader {
 public:
  /// Invalid when the times can't work. The client should be of a session of its own, so that no
  /// other request is in the way, and without patience, so that the log says why it failed; it may
  /// not be guarded by gate(). Client, clock and recorder have to outlive it.
  static Result<std::unique_ptr<Leader>> create(Client& client, Clock& clock,
                                                LeaderSettings settings);

  /// Waits for the lease, calls `work`, and renews the lease until that work has ended; then gives
  /// the lease up, so that there are never two that write. To be called once.
  /// When the lease is lost the work is cancelled at once, again and again until it is gone: it may
  /// take the first time for a request to end in peace. The outcome is Permanent then, or else that
  /// of the work. Cancelling this cancels the work, and nothing else.
  Task<> lead(std::move_only_function<Task<>()> work);

  /// Whether this may write now. Asks the clock: it may have been frozen, and not know yet.
  bool leads() const { return !has_ended_ && election_.leads(clock_.now()); }

  /// The same for Client::guard_writes(): Permanent unless it leads.
  Result<> gate() const;

  /// Fails when work goes on although the lease should have been renewed long ago: something hangs,
  /// and a new process would do better (client-go tools/leaderelection, HealthzAdaptor).
  Result<> check() const;

 private:
  Leader(Client& client, Clock& clock, Election election, LeaderSettings settings);

  Task<> term(std::move_only_function<Task<>()> work);
  Task<> hold(TaskGroup& term);
  Task<> guard(TaskGroup& term);
  Task<> until_gone(std::move_only_function<Task<>()> work, Result<>& outcome);

  Task<> acquire();
  Task<> renew();
  Task<> attempt();
  Task<> look();
  Task<> bid();
  Task<> release();
  Task<> try_release();
  Task<> give_up();
  Task<Lease> write(Lease wanted);
  Result<Lease> read(Result<json::value> const& answer);

  void became_leader();
  void lose();
  void stop();
  void tell(std::string_view action, std::string_view what) const;

  Client& client_;
  Clock& clock_;
  Election election_;
  LeaderSettings settings_;
  Limit request_limit_;
  metrics::Lease measured_;
  Notice changed_;      ///< given when the lease was renewed, and when the work is gone
  std::string uid_;     ///< of the lease
  std::string holder_;  ///< of whom the log says that it leads
  std::optional<Clock::Instant> renewed_;  ///< while it leads, or its work goes on
  std::optional<Error> lost_;
  bool has_bid_ = false;
  bool has_ended_ = false;
  bool work_is_gone_ = false;
};

}  // namespace kube
