#include "common/async/backoff.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

TEST_CASE("delays never shrink, and stay between none and the limit with its jitter") {
  CHECK(rc::check([](unsigned attempt) {
    using Duration = Backoff::Duration;
    auto const nanoseconds = rc::gen::inRange<Duration::rep>(0, Duration::max().count());
    auto const percent = [](int least, int most) { return *rc::gen::inRange(least, most) / 100.0; };
    Backoff const backoff{.first = Duration{*nanoseconds},
                          .factor = percent(100, 1000),
                          .most = Duration{*nanoseconds},
                          .jitter = percent(0, 200)};
    auto const fraction = percent(0, 100);
    auto const delay = backoff.delay(attempt, fraction);
    RC_ASSERT(delay >= Duration{});
    RC_ASSERT(backoff.delay(attempt + 1 ? attempt + 1 : attempt, fraction) >= delay);
    auto const stretched = static_cast<double>(backoff.most.count()) * (1 + backoff.jitter);
    RC_ASSERT(static_cast<double>(delay.count()) <= stretched * (1 + 1e-9));
  }));
}
