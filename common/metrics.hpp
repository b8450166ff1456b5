#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Every metric, by the names that dashboards for controller-runtime already query. Any thread may
/// use any of it at any time. Labels are names of our own, but for the status of an answer, which
/// is shown only if it can be one: nobody on the network can make us remember more.
namespace metrics {

using Seconds = std::chrono::duration<double>;

/// All that was measured so far, and this process's own use of resources, in Prometheus' text
/// format 0.0.4.
std::string exposition();

/// How a reconcile ended, as controller_runtime_reconcile_total tells it.
enum class Reconciled {
  Success,
  Error,
  Requeue,       ///< again, as soon as its rate limit allows
  RequeueAfter,  ///< again, after a time that it chose
};

/// What is told about one controller: controller_runtime_*. All at 0 once it is declared.
class Controller {
 public:
  Controller(std::string_view name, std::size_t workers);

  void began() const;
  void ended(Reconciled how, Seconds took) const;
  void gave_up() const;    ///< an error that was counted by ended() too: no retry will help
  void threw() const;      ///< an exception, which was counted as an error too
  void timed_out() const;  ///< which was counted as an error too

 private:
  struct Series;
  std::shared_ptr<Series const> series_;
};

/// What is told about one controller's queue: workqueue_*. All at 0 once it is declared.
class Queue {
 public:
  /// What is true of a queue now.
  struct State {
    std::size_t ready = 0;  ///< of normal priority
    std::size_t ready_of_low_priority = 0;
    Seconds unfinished{};  ///< the time that those being worked on took so far, summed up
    Seconds longest{};     ///< the same of the longest of them
  };

  explicit Queue(std::string_view name);

  void added() const;
  void added_later() const;  ///< with a delay, because of a rate limit or by choice
  void waited(Seconds ready) const;
  void worked(Seconds took) const;
  void is_now(State const& state) const;

 private:
  struct Series;
  std::shared_ptr<Series const> series_;
};

/// How the wait for a cache to see a write of our own ended.
enum class CacheWait { Success, Timeout };
void waited_for_cache(CacheWait how, Seconds took);

/// One exchange with an API server. `host` is the one that was configured.
struct Exchange {
  std::string_view method;
  std::string_view host;
  unsigned status = 0;  ///< of the answer; 0 if there was none
  Seconds took{};
  std::size_t bytes_sent = 0;
  std::size_t bytes_received = 0;
};
void exchanged(Exchange const& exchange);       ///< rest_client_requests_total and its kin
void will_try_again(Exchange const& exchange);  ///< rest_client_request_retries_total

/// What is told about one Lease: leader_election_*. All at 0 once it is declared.
class Lease {
 public:
  explicit Lease(std::string_view name);

  void held() const;
  void lost() const;
  void took_slow_path() const;  ///< it was read before it was renewed

 private:
  struct Series;
  std::shared_ptr<Series const> series_;
};

void certificate_read();      ///< certwatcher_read_certificate_total
void certificate_not_read();  ///< certwatcher_read_certificate_errors_total

/// What is told about one cluster: valkey_operator_cluster_*, until it is dropped.
class Cluster {
 public:
  /// What is true of it now.
  struct State {
    std::string_view phase;                    ///< one of `phases`; none of them: of none
    std::optional<std::size_t> slots_covered;  ///< nothing where it is not known: NaN
    std::optional<std::size_t> shards_ready;
    std::int64_t replication_lag_bytes = 0;  ///< of the replica that is behind most
  };

  Cluster(std::string_view namespace_name, std::string_view name,
          std::vector<std::string> const& phases);

  void is_now(State const& state) const;

 private:
  struct Series;
  std::shared_ptr<Series const> series_;
};

/// valkey_operator_operation_step_seconds: one step of forming, healing or changing a cluster.
void step_taken(std::string_view kind, Seconds took);

/// What is told about one path of a webhook: controller_runtime_webhook_*. All at 0 once declared.
class Webhook {
 public:
  explicit Webhook(std::string_view path);

  void began() const;
  void answered(unsigned status, Seconds took) const;

 private:
  struct Series;
  std::shared_ptr<Series const> series_;
};

/// valkey_webhook_policy_outcomes_total: what came of what a policy has found.
void policy_spoke(std::string_view policy, std::string_view outcome);

/// The same at 0, so that it can be seen that nothing was found.
void policy_declared(std::string_view policy, std::string_view outcome);

/// valkey_webhook_certificate_expiry_timestamp_seconds
void certificate_ends(std::chrono::system_clock::time_point when);

}  // namespace metrics
