#pragma once
#include "common/monitoring.hpp"

/// Answers probes until SIGTERM or SIGINT.
Task<> run(MonitoringSettings const& settings);
