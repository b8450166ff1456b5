#include "webhook/run.hpp"

#include "common/async/signals.hpp"
#include "common/async/task_group.hpp"

Task<> run(MonitoringSettings const& settings) {
  auto const executor = co_await asio::this_coro::executor;
  StopSignals signals{executor};
  CO_TRY(auto monitoring, Monitoring::listen(executor, settings));
  net::Health const health;
  co_return co_await together([&](TaskGroup& group) {
    group.spawn(signals.received());
    group.spawn(monitoring.serve(health));
  });
}
