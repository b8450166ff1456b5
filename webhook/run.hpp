#pragma once
#include "webhook/settings.hpp"

/// Answers reviews and probes until SIGTERM or SIGINT.
Task<> run(webhook::Settings const& settings);
