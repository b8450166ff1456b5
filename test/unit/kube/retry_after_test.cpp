#include "common/kube/retry_after.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;

namespace {

constexpr kube::Timestamp noon = std::chrono::sys_days{2026y / 2 / 3} + 12h;

}  // namespace

SCENARIO("a server asks to wait for seconds or until a date") {
  CHECK(kube::retry_after("0", noon) == 0s);
  CHECK(kube::retry_after("5", noon) == 5s);
  CHECK(kube::retry_after(" 032\t", noon) == 32s);
  CHECK(kube::retry_after("Tue, 03 Feb 2026 12:00:07 GMT", noon) == 7s);
  CHECK(kube::retry_after("Tue, 03 Feb 2026 12:00:07 GMT", noon + 1us) == 7s);
}

SCENARIO("a date that has passed asks for no wait") {
  CHECK(kube::retry_after("Tue, 03 Feb 2026 11:00:00 GMT", noon) == 0s);
  CHECK(kube::retry_after("Mon, 01 Jan 0001 00:00:00 GMT", noon) == 0s);
}

SCENARIO("no server makes us wait for ever") {
  CHECK(kube::retry_after("86400", noon) == kube::longest_retry_after);
  CHECK(kube::retry_after("99999999999999999999999999", noon) == kube::longest_retry_after);
  CHECK(kube::retry_after("Fri, 31 Dec 9999 23:59:59 GMT", noon) == kube::longest_retry_after);
}

SCENARIO("what is neither is nothing") {
  for (auto const* const text :
       {"", " ", "-1", "+1", "1.5", "1s", "soon", "Tue, 03 Feb 2026", "\xff"})
    CHECK(!kube::retry_after(text, noon));
}
