#include "common/metrics.hpp"

#include "common/process_usage.hpp"
#include "common/utf8.hpp"

#include <array>
#include <limits>
#include <map>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <vector>

namespace metrics {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using Buckets = std::vector<double>;

Buckets reconcile_buckets() {
  return {.005, .01, .025, .05, .1,   .15, .2,   .25, .3,  .35, .4,  .45, .5,  .6,
          .7,   .8,  .9,   1,   1.25, 1.5, 1.75, 2,   2.5, 3,   3.5, 4,   4.5, 5,
          6,    7,   8,    9,   10,   15,  20,   25,  30,  40,  50,  60};
}

/// From 10 ns to 1000 s.
Buckets powers_of_ten() {
  return {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000};
}
Buckets cache_wait_buckets() { return {.005, .01, .025, .05, .1, .25, .5, 1, 2, 4, 6, 8, 10}; }
Buckets request_buckets() { return {.005, .025, .1, .25, .5, 1, 2, 4, 8, 15, 30, 60}; }
Buckets byte_buckets() {
  return {64, 256, 512, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216};
}

/// All metrics but those of the process. Names, texts and buckets are those of controller-runtime
/// (pkg/internal/controller/metrics, pkg/internal/metrics, pkg/metrics, pkg/webhook).
struct Families {
  prometheus::Registry registry;

  Family<Counter>& reconciles = counter("controller_runtime_reconcile_total",
                                        "Total number of reconciliations per controller");
  Family<Counter>& errors = counter("controller_runtime_reconcile_errors_total",
                                    "Total number of reconciliation errors per controller");
  Family<Counter>& terminal_errors =
      counter("controller_runtime_terminal_reconcile_errors_total",
              "Total number of terminal reconciliation errors per controller");
  Family<Counter>& panics = counter("controller_runtime_reconcile_panics_total",
                                    "Total number of reconciliation panics per controller");
  Family<Counter>& timeouts = counter("controller_runtime_reconcile_timeouts_total",
                                      "Total number of reconciliation timeouts per controller");
  Family<Histogram>& durations = histogram("controller_runtime_reconcile_time_seconds",
                                           "Length of time per reconciliation per controller");
  Family<Gauge>& workers = gauge("controller_runtime_max_concurrent_reconciles",
                                 "Maximum number of concurrent reconciles per controller");
  Family<Gauge>& active_workers =
      gauge("controller_runtime_active_workers", "Number of currently used workers per controller");
  Family<Histogram>& cache_waits =
      histogram("controller_runtime_client_consistency_wait_duration_seconds",
                "Length of time waiting for the cache to observe writes before serving reads.");

  Family<Gauge>& depths =
      gauge("workqueue_depth", "Current depth of workqueue by workqueue and priority");
  Family<Counter>& adds =
      counter("workqueue_adds_total", "Total number of adds handled by workqueue");
  Family<Counter>& retries =
      counter("workqueue_retries_total",
              "Total number of items added to the workqueue with a non-zero delay");
  Family<Histogram>& queue_waits =
      histogram("workqueue_queue_duration_seconds",
                "How long in seconds an item stays in workqueue before being requested");
  Family<Histogram>& work =
      histogram("workqueue_work_duration_seconds",
                "How long in seconds processing an item from workqueue takes.");
  Family<Gauge>& unfinished = gauge("workqueue_unfinished_work_seconds",
                                    "How many seconds of work is in progress and has not been "
                                    "observed by work_duration.");
  Family<Gauge>& longest =
      gauge("workqueue_longest_running_processor_seconds",
            "How many seconds has the longest running processor for workqueue been running.");

  Family<Counter>& requests =
      counter("rest_client_requests_total",
              "Number of HTTP requests, partitioned by status code, method, and host.");
  Family<Counter>& request_retries =
      counter("rest_client_request_retries_total",
              "Number of request retries, partitioned by status code, verb, and host.");
  Family<Histogram>& request_durations =
      histogram("rest_client_request_duration_seconds",
                "Request latency in seconds. Broken down by verb, and host.");
  Family<Histogram>& request_sizes = histogram(
      "rest_client_request_size_bytes", "Request size in bytes. Broken down by verb and host.");
  Family<Histogram>& response_sizes = histogram(
      "rest_client_response_size_bytes", "Response size in bytes. Broken down by verb and host.");

  Family<Gauge>& leading =
      gauge("leader_election_master_status",
            "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, "
            "1 indicates master. 'name' is the string used to identify the lease.");
  Family<Counter>& slow_paths = counter(
      "leader_election_slowpath_total",
      "Total number of slow path exercised in renewing leader leases. 'name' is the string used to "
      "identify the lease.");

  Counter& certificate_reads =
      counter("certwatcher_read_certificate_total", "Total number of certificate reads").Add({});
  Counter& certificate_errors = counter("certwatcher_read_certificate_errors_total",
                                        "Total number of certificate read errors")
                                    .Add({});

  Family<Gauge>& cluster_phases = gauge("valkey_operator_cluster_phase",
                                        "1 for the phase that a cluster is in, 0 for all others.");
  Family<Gauge>& cluster_slots = gauge("valkey_operator_cluster_slots_covered",
                                       "How many of a cluster's 16384 slots are served.");
  Family<Gauge>& cluster_shards =
      gauge("valkey_operator_cluster_shards_ready",
            "How many of a cluster's shards serve with all their replicas.");
  Family<Gauge>& cluster_lags =
      gauge("valkey_operator_cluster_replication_lag_bytes",
            "How far the replica is behind its primary that is behind most, in whole MiB.");
  Family<Histogram>& steps =
      histogram("valkey_operator_operation_step_seconds",
                "How long one step of forming, healing or changing a cluster took.");

  Family<Counter>& webhook_requests =
      counter("controller_runtime_webhook_requests_total",
              "Total number of admission requests by HTTP status code.");
  Family<Histogram>& webhook_durations =
      histogram("controller_runtime_webhook_latency_seconds",
                "Histogram of the latency of processing admission requests");
  Family<Gauge>& webhook_in_flight = gauge("controller_runtime_webhook_requests_in_flight",
                                           "Current number of admission requests being served.");
  Family<Counter>& policy_outcomes =
      counter("valkey_webhook_policy_outcomes_total",
              "How often a policy has found something, and what came of it.");
  Family<Gauge>& certificate_expiry =
      gauge("valkey_webhook_certificate_expiry_timestamp_seconds",
            "When the certificate that is shown ends, in seconds since unix epoch.");

 private:
  Family<Counter>& counter(char const* name, char const* text) {
    return prometheus::BuildCounter().Name(name).Help(text).Register(registry);
  }
  Family<Gauge>& gauge(char const* name, char const* text) {
    return prometheus::BuildGauge().Name(name).Help(text).Register(registry);
  }
  Family<Histogram>& histogram(char const* name, char const* text) {
    return prometheus::BuildHistogram().Name(name).Help(text).Register(registry);
  }
};

Families& families() {
  static Families all;
  return all;
}

std::string label(Reconciled how) {
  switch (how) {
    case Reconciled::Success:
      return "success";
    case Reconciled::Error:
      return "error";
    case Reconciled::Requeue:
      return "requeue";
    case Reconciled::RequeueAfter:
      return "requeue_after";
  }
  return "";
}

std::string label(unsigned status) {
  return status >= 100 && status <= 999 ? std::to_string(status) : "<error>";
}

/// Of a queue, which controller-runtime calls both.
prometheus::Labels queue_labels(std::string const& name) {
  return {{"name", name}, {"controller", name}};
}

struct ProcessMetric {
  char const* name;
  char const* text;
  prometheus::MetricType type;
  std::optional<double> ProcessUsage::* member;
};

/// As the collector of Prometheus' client for Go names them.
constexpr std::array process_metrics{
    ProcessMetric{"process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
                  prometheus::MetricType::Counter, &ProcessUsage::cpu_seconds},
    ProcessMetric{"process_start_time_seconds",
                  "Start time of the process since unix epoch in seconds.",
                  prometheus::MetricType::Gauge, &ProcessUsage::start_time},
    ProcessMetric{"process_resident_memory_bytes", "Resident memory size in bytes.",
                  prometheus::MetricType::Gauge, &ProcessUsage::resident_bytes},
    ProcessMetric{"process_virtual_memory_bytes", "Virtual memory size in bytes.",
                  prometheus::MetricType::Gauge, &ProcessUsage::virtual_bytes},
    ProcessMetric{"process_open_fds", "Number of open file descriptors.",
                  prometheus::MetricType::Gauge, &ProcessUsage::open_files},
    ProcessMetric{"process_max_fds", "Maximum number of open file descriptors.",
                  prometheus::MetricType::Gauge, &ProcessUsage::most_open_files},
};

prometheus::MetricFamily family(ProcessMetric const& metric, double value) {
  prometheus::ClientMetric sample;
  sample.counter.value = value;  // which of the two is shown is for the type to say
  sample.gauge.value = value;
  return {metric.name, metric.text, metric.type, {sample}};
}

void count(Family<Counter>& family, prometheus::Labels const& labels) {
  family.Add(labels).Increment();
}

}  // namespace

struct Controller::Series {
  std::string name;
  Gauge& workers = families().workers.Add({{"controller", name}});
  Gauge& active = families().active_workers.Add({{"controller", name}});
  std::array<Counter*, 4> ended{of(Reconciled::Success), of(Reconciled::Error),
                                of(Reconciled::Requeue), of(Reconciled::RequeueAfter)};
  Counter& errors = families().errors.Add({{"controller", name}});
  Counter& terminal_errors = families().terminal_errors.Add({{"controller", name}});
  Counter& panics = families().panics.Add({{"controller", name}});
  Counter& timeouts = families().timeouts.Add({{"controller", name}});
  Histogram& durations = families().durations.Add({{"controller", name}}, reconcile_buckets());

 private:
  Counter* of(Reconciled how) const {
    return &families().reconciles.Add({{"controller", name}, {"result", label(how)}});
  }
};

Controller::Controller(std::string_view name, std::size_t workers)
    : series_{std::make_shared<Series const>(utf8::repaired(name))} {
  series_->workers.Set(static_cast<double>(workers));
}

void Controller::began() const { series_->active.Increment(); }

void Controller::ended(Reconciled how, Seconds took) const {
  series_->active.Decrement();
  series_->durations.Observe(took.count());
  series_->ended[static_cast<std::size_t>(how)]->Increment();
  if (how == Reconciled::Error) series_->errors.Increment();
}

void Controller::gave_up() const { series_->terminal_errors.Increment(); }
void Controller::threw() const { series_->panics.Increment(); }
void Controller::timed_out() const { series_->timeouts.Increment(); }

struct Queue::Series {
  std::string name;
  Gauge& depth = with_priority("0");
  Gauge& low_depth = with_priority("-100");  // handler.LowPriority
  Counter& adds = families().adds.Add(queue_labels(name));
  Counter& retries = families().retries.Add(queue_labels(name));
  Histogram& waits = families().queue_waits.Add(queue_labels(name), powers_of_ten());
  Histogram& work = families().work.Add(queue_labels(name), powers_of_ten());
  Gauge& unfinished = families().unfinished.Add(queue_labels(name));
  Gauge& longest = families().longest.Add(queue_labels(name));

 private:
  Gauge& with_priority(std::string const& priority) const {
    auto labels = queue_labels(name);
    labels.emplace("priority", priority);
    return families().depths.Add(labels);
  }
};

Queue::Queue(std::string_view name)
    : series_{std::make_shared<Series const>(utf8::repaired(name))} {}

void Queue::added() const { series_->adds.Increment(); }
void Queue::added_later() const { series_->retries.Increment(); }
void Queue::waited(Seconds ready) const { series_->waits.Observe(ready.count()); }
void Queue::worked(Seconds took) const { series_->work.Observe(took.count()); }

void Queue::is_now(State const& state) const {
  series_->depth.Set(static_cast<double>(state.ready));
  series_->low_depth.Set(static_cast<double>(state.ready_of_low_priority));
  series_->unfinished.Set(state.unfinished.count());
  series_->longest.Set(state.longest.count());
}

void waited_for_cache(CacheWait how, Seconds took) {
  auto const* const result = how == CacheWait::Success ? "success" : "timeout";
  families()
      .cache_waits.Add({{"operation", "reconcile"}, {"result", result}}, cache_wait_buckets())
      .Observe(took.count());
}

void exchanged(Exchange const& exchange) {
  auto const method = utf8::repaired(exchange.method);
  auto const host = utf8::repaired(exchange.host);
  prometheus::Labels const labels{{"verb", method}, {"host", host}};
  auto& all = families();
  count(all.requests, {{"code", label(exchange.status)}, {"method", method}, {"host", host}});
  all.request_durations.Add(labels, request_buckets()).Observe(exchange.took.count());
  all.request_sizes.Add(labels, byte_buckets()).Observe(static_cast<double>(exchange.bytes_sent));
  all.response_sizes.Add(labels, byte_buckets())
      .Observe(static_cast<double>(exchange.bytes_received));
}

void will_try_again(Exchange const& exchange) {
  count(families().request_retries, {{"code", label(exchange.status)},
                                     {"verb", utf8::repaired(exchange.method)},
                                     {"host", utf8::repaired(exchange.host)}});
}

struct Lease::Series {
  std::string name;
  Gauge& leading = families().leading.Add({{"name", name}});
  Counter& slow_paths = families().slow_paths.Add({{"name", name}});
};

Lease::Lease(std::string_view name)
    : series_{std::make_shared<Series const>(utf8::repaired(name))} {}

void Lease::held() const { series_->leading.Set(1); }
void Lease::lost() const { series_->leading.Set(0); }
void Lease::took_slow_path() const { series_->slow_paths.Increment(); }

void certificate_read() { families().certificate_reads.Increment(); }
void certificate_not_read() { families().certificate_errors.Increment(); }

struct Cluster::Series {
  Series(std::string_view namespace_name, std::string_view name,
         std::vector<std::string> const& all_phases)
      : labels{{"namespace", utf8::repaired(namespace_name)}, {"name", utf8::repaired(name)}} {
    for (auto const& phase : all_phases) {
      auto with_phase = labels;
      with_phase.emplace("phase", phase);
      phases.emplace(phase, &families().cluster_phases.Add(with_phase));
    }
  }
  Series(Series const&) = delete;
  Series& operator=(Series const&) = delete;
  ~Series() {
    for (auto const& [phase, gauge] : phases) families().cluster_phases.Remove(gauge);
    families().cluster_slots.Remove(&slots);
    families().cluster_shards.Remove(&shards);
    families().cluster_lags.Remove(&lag);
  }

  prometheus::Labels labels;
  std::map<std::string, Gauge*> phases;
  Gauge& slots = families().cluster_slots.Add(labels);
  Gauge& shards = families().cluster_shards.Add(labels);
  Gauge& lag = families().cluster_lags.Add(labels);
};

Cluster::Cluster(std::string_view namespace_name, std::string_view name,
                 std::vector<std::string> const& phases)
    : series_{std::make_shared<Series const>(namespace_name, name, phases)} {}

void Cluster::is_now(State const& state) const {
  for (auto const& [phase, gauge] : series_->phases) gauge->Set(phase == state.phase ? 1 : 0);
  auto const known = [](std::optional<std::size_t> count) {
    return count ? static_cast<double>(*count) : std::numeric_limits<double>::quiet_NaN();
  };
  series_->slots.Set(known(state.slots_covered));
  series_->shards.Set(known(state.shards_ready));
  series_->lag.Set(static_cast<double>(state.replication_lag_bytes));
}

void step_taken(std::string_view kind, Seconds took) {
  families().steps.Add({{"step", utf8::repaired(kind)}}, reconcile_buckets()).Observe(took.count());
}

struct Webhook::Series {
  std::string path;
  Gauge& in_flight = families().webhook_in_flight.Add({{"webhook", path}});
  Histogram& durations = families().webhook_durations.Add({{"webhook", path}}, powers_of_ten());

  Counter& answers(unsigned status) const {
    return families().webhook_requests.Add({{"webhook", path}, {"code", label(status)}});
  }
};

Webhook::Webhook(std::string_view path)
    : series_{std::make_shared<Series const>(utf8::repaired(path))} {
  for (unsigned const status : {200U, 500U}) series_->answers(status);
}

void Webhook::began() const { series_->in_flight.Increment(); }

void Webhook::answered(unsigned status, Seconds took) const {
  series_->in_flight.Decrement();
  series_->durations.Observe(took.count());
  series_->answers(status).Increment();
}

void policy_spoke(std::string_view policy, std::string_view outcome) {
  families()
      .policy_outcomes
      .Add({{"policy", utf8::repaired(policy)}, {"outcome", utf8::repaired(outcome)}})
      .Increment();
}

void policy_declared(std::string_view policy, std::string_view outcome) {
  families().policy_outcomes.Add(
      {{"policy", utf8::repaired(policy)}, {"outcome", utf8::repaired(outcome)}});
}

void certificate_ends(std::chrono::system_clock::time_point when) {
  auto const since_epoch = std::chrono::duration_cast<Seconds>(when.time_since_epoch());
  families().certificate_expiry.Add({}).Set(since_epoch.count());
}

std::string exposition() {
  auto all = families().registry.Collect();
  auto const usage = process_usage();
  for (auto const& metric : process_metrics)
    if (auto const value = usage.*metric.member) all.push_back(family(metric, *value));
  return prometheus::TextSerializer{}.Serialize(all);
}

}  // namespace metrics
