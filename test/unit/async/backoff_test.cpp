#include "common/async/backoff.hpp"

#include "common/random.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>

namespace {

using namespace std::chrono_literals;

constexpr auto longest = Backoff::Duration::max();
constexpr auto many = std::numeric_limits<unsigned>::max();

}  // namespace

SCENARIO("each delay is a multiple of the one before, up to a limit") {
  Backoff const per_key{.first = 5ms, .most = 1000s};
  CHECK(per_key.delay(0, 0.9) == 5ms);
  CHECK(per_key.delay(1, 0.9) == 10ms);
  CHECK(per_key.delay(10, 0.9) == 5120ms);
  CHECK(per_key.delay(17, 0.9) == 655360ms);
  CHECK(per_key.delay(18, 0.9) == 1000s);
  CHECK(per_key.delay(many, 0.9) == 1000s);
}

SCENARIO("a factor of one keeps the delay") {
  Backoff const even{.first = 10ms, .factor = 1, .most = 1s};
  CHECK(even.delay(many, 0) == 10ms);
}

SCENARIO("jitter stretches a delay, that at the limit too") {
  Backoff const watch{.first = 800ms, .most = 30s, .jitter = 1};
  CHECK(watch.delay(0, 0) == 800ms);
  CHECK(watch.delay(0, 0.5) == 1200ms);
  CHECK(watch.delay(9, 0) == 30s);
  CHECK(watch.delay(9, 0.5) == 45s);
}

SCENARIO("no delay overflows or is negative") {
  CHECK(Backoff{.first = longest, .most = longest, .jitter = 1}.delay(many, 0.5) == longest);
  CHECK(Backoff{.first = 1ns, .factor = 1e300, .most = longest}.delay(many, 0) == longest);
  CHECK(Backoff{.first = 0s, .most = 1s}.delay(many, 0.5) == 0s);
  CHECK(Backoff{.first = -1s, .most = 1s}.delay(0, 0.5) == 0s);
  CHECK(Backoff{.first = 1s, .most = -1s}.delay(0, 0.5) == 0s);
}

SCENARIO("a random fraction is below one, and not always the same") {
  double least = 1;
  double greatest = 0;
  for (int draw = 0; draw < 1000; ++draw) {
    auto const fraction = random_fraction();
    least = fraction < least ? fraction : least;
    greatest = fraction > greatest ? fraction : greatest;
  }
  CHECK(least >= 0);
  CHECK(greatest < 1);
  CHECK(greatest - least > 0.5);
}
