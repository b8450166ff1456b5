#include "common/metrics.hpp"

#include "test/support/measured.hpp"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

bool shows(std::string const& line) {
  return ("\n" + metrics::exposition()).contains("\n" + line + "\n");
}

std::size_t lines_with(std::string const& part) {
  auto const text = metrics::exposition();
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

SCENARIO("a controller is shown from the moment that it is declared") {
  metrics::Controller const controller{"declared", 4};
  for (auto const* const result : {"success", "error", "requeue", "requeue_after"})
    CHECK(shows("controller_runtime_reconcile_total{controller=\"declared\",result=\"" +
                std::string{result} + "\"} 0"));
  for (auto const* const name :
       {"reconcile_errors_total", "terminal_reconcile_errors_total", "reconcile_panics_total",
        "reconcile_timeouts_total", "active_workers", "reconcile_time_seconds_count"})
    CHECK(shows("controller_runtime_" + std::string{name} + "{controller=\"declared\"} 0"));
  CHECK(shows("controller_runtime_max_concurrent_reconciles{controller=\"declared\"} 4"));
}

SCENARIO("a controller's reconciles are counted by how they end") {
  metrics::Controller const controller{"counted", 1};
  controller.began();
  CHECK(shows("controller_runtime_active_workers{controller=\"counted\"} 1"));
  controller.ended(metrics::Reconciled::Error, 2s);
  controller.threw();
  controller.timed_out();
  controller.gave_up();
  controller.began();
  controller.ended(metrics::Reconciled::RequeueAfter, 1ms);
  CHECK(shows("controller_runtime_active_workers{controller=\"counted\"} 0"));
  CHECK(shows("controller_runtime_reconcile_total{controller=\"counted\",result=\"error\"} 1"));
  CHECK(shows(
      "controller_runtime_reconcile_total{controller=\"counted\",result=\"requeue_after\"} 1"));
  for (auto const* const name : {"reconcile_errors_total", "terminal_reconcile_errors_total",
                                 "reconcile_panics_total", "reconcile_timeouts_total"})
    CHECK(shows("controller_runtime_" + std::string{name} + "{controller=\"counted\"} 1"));
  auto const bucket =
      std::string{"controller_runtime_reconcile_time_seconds_bucket{controller=\"counted\",le="};
  CHECK(shows(bucket + "\"0.005\"} 1"));
  CHECK(shows(bucket + "\"60\"} 2"));
}

SCENARIO("two declarations of one name are about one thing") {
  metrics::Controller const one{"shared", 1};
  one.began();
  metrics::Controller const other{"shared", 1};
  other.began();
  CHECK(shows("controller_runtime_active_workers{controller=\"shared\"} 2"));
}

SCENARIO("a queue shows what it did and what it holds") {
  metrics::Queue const queue{"q"};
  CHECK(lines_with("workqueue_depth{") == lines_with("workqueue_adds_total{") * 2);
  queue.added();
  queue.added_later();
  queue.waited(20ns);
  queue.worked(100s);
  queue.is_now({.ready = 2, .ready_of_low_priority = 3, .unfinished = 1500ms, .longest = 1s});
  auto const text = metrics::exposition();
  auto const value_of = [&text](std::string const& name, std::vector<std::string> const& labelled) {
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      auto const line = text.substr(at, text.find('\n', at) - at);
      if (line.starts_with(name + "{") &&
          std::ranges::all_of(labelled, [&](auto const& label) { return line.contains(label); }))
        return line.substr(line.rfind(' ') + 1);
    }
    return std::string{"absent"};
  };
  CHECK(value_of("workqueue_depth", {"name=\"q\"", "controller=\"q\"", "priority=\"0\""}) == "2");
  CHECK(value_of("workqueue_depth", {"name=\"q\"", "priority=\"-100\""}) == "3");
  CHECK(value_of("workqueue_adds_total", {"name=\"q\""}) == "1");
  CHECK(value_of("workqueue_retries_total", {"name=\"q\""}) == "1");
  CHECK(value_of("workqueue_unfinished_work_seconds", {"name=\"q\""}) == "1.5");
  CHECK(value_of("workqueue_longest_running_processor_seconds", {"name=\"q\""}) == "1");
  CHECK(value_of("workqueue_queue_duration_seconds_bucket", {"\"q\"", "le=\"1e-08\""}) == "0");
  CHECK(value_of("workqueue_queue_duration_seconds_bucket", {"\"q\"", "le=\"1e-07\""}) == "1");
  CHECK(value_of("workqueue_work_duration_seconds_bucket", {"\"q\"", "le=\"10\""}) == "0");
  CHECK(value_of("workqueue_work_duration_seconds_bucket", {"\"q\"", "le=\"1000\""}) == "1");
}

SCENARIO("an answer is counted by its status, and what is none in one place") {
  metrics::Exchange exchange{.method = "GET",
                             .host = "api:6443",
                             .status = 200,
                             .took = 30ms,
                             .bytes_sent = 100,
                             .bytes_received = 1000};
  metrics::exchanged(exchange);
  for (unsigned const odd : {0U, 1U, 99U, 1000U, 4294967295U}) {
    exchange.status = odd;
    metrics::exchanged(exchange);
    metrics::will_try_again(exchange);
  }
  auto const answers = [](std::string const& code) {
    return "rest_client_requests_total{code=\"" + code + "\",host=\"api:6443\",method=\"GET\"}";
  };
  CHECK(shows(answers("200") + " 1"));
  CHECK(shows(answers("<error>") + " 5"));
  CHECK(lines_with("host=\"api:6443\",method=\"GET\"}") == 2);
  CHECK(shows(
      "rest_client_request_retries_total{code=\"<error>\",host=\"api:6443\",verb=\"GET\"} 5"));
  auto const sums = std::string{"_sum{host=\"api:6443\",verb=\"GET\"} "};
  CHECK(shows("rest_client_request_size_bytes" + sums + "600"));
  CHECK(shows("rest_client_response_size_bytes" + sums + "6000"));
  CHECK(
      shows("rest_client_request_duration_seconds_bucket{host=\"api:6443\",verb=\"GET\",le="
            "\"0.025\"} 0"));
}

SCENARIO("a lease shows whether it is held") {
  metrics::Lease const lease{"operator"};
  CHECK(shows("leader_election_master_status{name=\"operator\"} 0"));
  CHECK(shows("leader_election_slowpath_total{name=\"operator\"} 0"));
  lease.held();
  lease.took_slow_path();
  CHECK(shows("leader_election_master_status{name=\"operator\"} 1"));
  CHECK(shows("leader_election_slowpath_total{name=\"operator\"} 1"));
  lease.lost();
  CHECK(shows("leader_election_master_status{name=\"operator\"} 0"));
}

SCENARIO("certificates are shown before the first is read") {
  auto const reads = measured("certwatcher_read_certificate_total ");
  auto const errors = measured("certwatcher_read_certificate_errors_total ");
  metrics::certificate_read();
  metrics::certificate_not_read();
  CHECK(measured("certwatcher_read_certificate_total ") == reads + 1);
  CHECK(measured("certwatcher_read_certificate_errors_total ") == errors + 1);
}

SCENARIO("a cluster is shown as long as it is there") {
  std::string const labels = "{name=\"cache\",namespace=\"demo\"";
  {
    metrics::Cluster const cluster{"demo", "cache", {"Creating", "Running"}};
    cluster.is_now({.phase = "Running",
                    .slots_covered = 16384,
                    .shards_ready = 3,
                    .replication_lag_bytes = 1048576});
    CHECK(shows("valkey_operator_cluster_phase" + labels + ",phase=\"Running\"} 1"));
    CHECK(shows("valkey_operator_cluster_phase" + labels + ",phase=\"Creating\"} 0"));
    CHECK(shows("valkey_operator_cluster_slots_covered" + labels + "} 16384"));
    CHECK(shows("valkey_operator_cluster_shards_ready" + labels + "} 3"));
    CHECK(shows("valkey_operator_cluster_replication_lag_bytes" + labels + "} 1048576"));
  }
  CHECK(lines_with("namespace=\"demo\"") == 0);
}

SCENARIO("steps are measured by their kind") {
  metrics::step_taken("Meet", 2ms);
  CHECK(shows("valkey_operator_operation_step_seconds_count{step=\"Meet\"} 1"));
}

SCENARIO("a webhook shows what it answers, and what it has not answered yet") {
  metrics::Webhook const webhook{"/validate"};
  for (auto const* const code : {"200", "500"})
    CHECK(shows("controller_runtime_webhook_requests_total{code=\"" + std::string{code} +
                "\",webhook=\"/validate\"} 0"));
  webhook.began();
  CHECK(shows("controller_runtime_webhook_requests_in_flight{webhook=\"/validate\"} 1"));
  webhook.answered(429, 1ms);
  CHECK(shows("controller_runtime_webhook_requests_in_flight{webhook=\"/validate\"} 0"));
  CHECK(shows("controller_runtime_webhook_requests_total{code=\"429\",webhook=\"/validate\"} 1"));
  CHECK(shows("controller_runtime_webhook_latency_seconds_count{webhook=\"/validate\"} 1"));
}

SCENARIO("waits for a cache are told apart by how they end") {
  auto const waits = [](std::string const& result) {
    return measured(
        "controller_runtime_client_consistency_wait_duration_seconds_sum{operation="
        "\"reconcile\",result=\"" +
        result + "\"} ");
  };
  metrics::waited_for_cache(metrics::CacheWait::Success, 0s);
  metrics::waited_for_cache(metrics::CacheWait::Timeout, 0s);
  auto const successes = waits("success");
  auto const timeouts = waits("timeout");
  metrics::waited_for_cache(metrics::CacheWait::Success, 1s);
  metrics::waited_for_cache(metrics::CacheWait::Timeout, 10s);
  CHECK(waits("success") == Catch::Approx(successes + 1));
  CHECK(waits("timeout") == Catch::Approx(timeouts + 10));
}

SCENARIO("a name of any bytes leaves the text well-formed") {
  metrics::Lease const lease{"a\"b\\c\n\xff"};
  CHECK(shows("leader_election_master_status{name=\"a\\\"b\\\\c\\n\xEF\xBF\xBD\"} 0"));
}

SCENARIO("the process shows what it uses") {
  for (auto const* const name : {"cpu_seconds_total", "start_time_seconds", "resident_memory_bytes",
                                 "virtual_memory_bytes", "open_fds", "max_fds"})
    CHECK(metrics::exposition().contains("\nprocess_" + std::string{name} + " "));
  CHECK(shows("# TYPE process_cpu_seconds_total counter"));
}

SCENARIO("several threads may count at once") {
  metrics::Webhook const webhook{"/threads"};
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([webhook] {
      for (int request = 0; request < 100; ++request) {
        webhook.began();
        webhook.answered(200, 1ms);
        if (request % 50 == 0) (void)metrics::exposition();
      }
    });
  threads.clear();
  CHECK(shows("controller_runtime_webhook_requests_total{code=\"200\",webhook=\"/threads\"} 400"));
}
