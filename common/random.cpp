#include "common/random.hpp"

#include <random>

double random_fraction() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  // 53 bits, as many as a double holds: rounding could otherwise end in 1.
  return static_cast<double>(engine() >> 11U) * 0x1p-53;
}
