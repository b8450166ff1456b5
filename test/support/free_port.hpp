#pragma once
#include <cstdint>

/// A port of the loopback device at which nobody listens now.
std::uint16_t free_port();
