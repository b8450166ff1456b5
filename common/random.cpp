#include "common/random.hpp"

#include <cstdint>
#include <fmt/core.h>
#include <random>

double random_fraction() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  // 53 bits, as many as a double holds: rounding could otherwise end in 1.
  return static_cast<double>(engine() >> 11U) * 0x1p-53;
}

std::string random_uuid() {
  std::random_device device;
  std::uint32_t const first = device();
  std::uint32_t const second = (device() & 0xFFFF0FFFU) | 0x4000U;
  std::uint32_t const third = (device() & 0x3FFFFFFFU) | 0x80000000U;
  std::uint32_t const fourth = device();
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:04x}{:08x}", first, second >> 16U,
                     second & 0xFFFFU, third >> 16U, third & 0xFFFFU, fourth);
}
