#include "webhook/run.hpp"

#include "common/async/signals.hpp"
#include "common/async/task_group.hpp"

Task<> run(MonitoringSettings const& settings) {
  CO_TRY(auto monitoring, Monitoring::listen(co_await asio::this_coro::executor, settings));
  net::Health const health;
  co_return co_await together([&](TaskGroup& group) {
    group.spawn(until_signalled());
    group.spawn(monitoring.serve(health));
  });
}
