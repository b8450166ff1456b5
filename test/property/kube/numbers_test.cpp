#include "common/kube/duration.hpp"
#include "common/kube/quantity.hpp"
#include "common/kube/resource_version.hpp"
#include "common/kube/retry_after.hpp"
#include "test/property/generators.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

namespace gen = rc::gen;

/// Of the whole range, rather than near zero.
template <class T>
T any() {
  return *gen::resize(rc::kNominalSize, gen::arbitrary<T>());
}

/// The years that four digits can name.
kube::Timestamp any_moment() {
  constexpr std::int64_t first = -62'167'219'200'000'000;
  constexpr std::int64_t last = 253'402'300'799'999'999;
  return kube::Timestamp{std::chrono::microseconds{*gen::inRange(first, last)}};
}

}  // namespace

TEST_CASE("a duration that is written reads as the same") {
  CHECK(rc::check([] {
    std::chrono::nanoseconds const duration{any<std::int64_t>()};
    RC_ASSERT(kube::parse_duration(kube::format_duration(duration)).value() == duration);
  }));
}

TEST_CASE("a timestamp that is written reads as the same") {
  CHECK(rc::check([] {
    auto const moment = any_moment();
    RC_ASSERT(kube::parse_timestamp(kube::format_microseconds(moment)).value() == moment);
    RC_ASSERT(kube::parse_timestamp(kube::format_seconds(moment)).value() ==
              std::chrono::floor<std::chrono::seconds>(moment));
  }));
}

TEST_CASE("a whole number is the quantity that it is, and a thousand times so many thousandths") {
  CHECK(rc::check([] {
    auto const number = *gen::resize(rc::kNominalSize, gen::arbitrary<std::int32_t>());
    auto const text = std::to_string(number);
    RC_ASSERT(kube::whole_units(text).value() == number);
    RC_ASSERT(kube::thousandths(text).value() == std::int64_t{1000} * number);
    RC_ASSERT(kube::thousandths(text + "m").value() == number);
    RC_ASSERT(kube::whole_units(text + "Ki").value() == std::int64_t{1024} * number);
    RC_ASSERT(kube::whole_units(text + ".0k").value() == std::int64_t{1000} * number);
  }));
}

TEST_CASE("versions are ordered as the numbers that they are") {
  CHECK(rc::check([] {
    auto const left = any<std::uint64_t>() / 2 + 1;
    auto const right = any<std::uint64_t>() / 2 + 1;
    RC_ASSERT(kube::compare_versions(std::to_string(left), std::to_string(right)) ==
              (left <=> right));
  }));
}

TEST_CASE("no text that asks for patience gets too much of it") {
  CHECK(rc::check([] {
    auto const wait = kube::retry_after(*text(), any_moment());
    if (!wait) return;
    RC_ASSERT(*wait >= std::chrono::seconds{0});
    RC_ASSERT(*wait <= kube::longest_retry_after);
  }));
}
