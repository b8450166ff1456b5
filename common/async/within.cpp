#include "common/async/within.hpp"

#include <fmt/core.h>

Task<> expiry(Clock& clock, Limit limit) {
  CO_TRY(co_await clock.until(later(clock.now(), limit)));
  std::chrono::duration<double> const seconds = limit;
  co_return transient(fmt::format("no answer within {:g} s", seconds.count()));
}
