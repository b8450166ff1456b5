#include "common/async/backoff.hpp"

#include <cmath>

namespace {

/// `nanoseconds`, or the nearest to it that a duration can be; never negative.
Backoff::Duration duration(double nanoseconds) {
  if (!(nanoseconds > 0)) return {};
  if (nanoseconds >= static_cast<double>(Backoff::Duration::max().count()))
    return Backoff::Duration::max();
  return Backoff::Duration{static_cast<Backoff::Duration::rep>(nanoseconds)};
}

}  // namespace

Backoff::Duration Backoff::delay(unsigned attempt, double fraction) const {
  if (first <= Duration{}) return {};
  auto const limit = static_cast<double>(most.count());
  auto const grown = static_cast<double>(first.count()) * std::pow(factor, attempt);
  return duration((grown < limit ? grown : limit) * (1 + jitter * fraction));
}
