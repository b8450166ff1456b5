#include "common/random.hpp"

#include <array>
#include <cstdint>
#include <fmt/core.h>
#include <iterator>
#include <random>
#include <sys/random.h>

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

Result<Secret> random_password() {
  std::array<unsigned char, 32> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return permanent("the kernel gives no random bytes");
  std::string digits;
  digits.reserve(2 * bytes.size());  // else it would leave parts of itself where it has been
  for (auto const byte : bytes) fmt::format_to(std::back_inserter(digits), "{:02x}", byte);
  return Secret{std::move(digits)};
}
