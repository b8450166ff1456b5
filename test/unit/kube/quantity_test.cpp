#include "common/kube/quantity.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <string>

using kube::thousandths;
using kube::whole_units;

SCENARIO("every suffix of a quantity is understood") {
  CHECK(whole_units("12").value() == 12);
  CHECK(whole_units("1k").value() == 1000);
  CHECK(whole_units("1M").value() == 1'000'000);
  CHECK(whole_units("1G").value() == 1'000'000'000);
  CHECK(whole_units("1T").value() == 1'000'000'000'000);
  CHECK(whole_units("1P").value() == 1'000'000'000'000'000);
  CHECK(whole_units("9E").value() == 9'000'000'000'000'000'000);
  CHECK(whole_units("1Ki").value() == 1024);
  CHECK(whole_units("1Mi").value() == 1048576);
  CHECK(whole_units("1.5Gi").value() == 1610612736);
  CHECK(whole_units("1Ti").value() == std::int64_t{1} << 40);
  CHECK(whole_units("1Pi").value() == std::int64_t{1} << 50);
  CHECK(whole_units("7Ei").value() == std::int64_t{7} << 60);
  CHECK(whole_units("2e3").value() == 2000);
  CHECK(whole_units("2E3").value() == 2000);
  CHECK(whole_units("2e+3").value() == 2000);
  CHECK(whole_units("2000e-3").value() == 2);
  CHECK(thousandths("100m").value() == 100);
  CHECK(thousandths("1500000u").value() == 1500);
  CHECK(thousandths("1500000000n").value() == 1500);
  CHECK(thousandths("2").value() == 2000);
  CHECK(thousandths("0.5").value() == 500);
}

SCENARIO("fractions are rounded away from zero, as Kubernetes does") {
  CHECK(whole_units("100m").value() == 1);
  CHECK(whole_units("-1.5").value() == -2);
  CHECK(whole_units("1.0000000000000000000000000000001").value() == 2);
  CHECK(whole_units("0.001Ki").value() == 2);
  CHECK(thousandths("1n").value() == 1);
  CHECK(whole_units("1e-2000000000").value() == 1);
  CHECK(whole_units("0e-9").value() == 0);
}

SCENARIO("signs, points and zeros may stand where Kubernetes lets them") {
  CHECK(whole_units("+5").value() == 5);
  CHECK(whole_units("-5Ki").value() == -5120);
  CHECK(whole_units(".5G").value() == 500'000'000);
  CHECK(whole_units("1.G").value() == 1'000'000'000);
  CHECK(whole_units("000000000000000000000000000000012").value() == 12);
  CHECK(whole_units("1.50000000000000000000000000000000Ki").value() == 1536);
  CHECK(whole_units("0").value() == 0);
  CHECK(whole_units("0E").value() == 0);
  CHECK(whole_units("0e999999999").value() == 0);
}

SCENARIO("what is no quantity is refused with the rule") {
  for (auto const* const text : {"",      "+",    "-",     ".",     "Ki",
                                 "1 ",    " 1",   "1ki",   "1K",    "1mi",
                                 "1e",    "1ee3", "1e3Ki", "1e1.5", "--1",
                                 "1.2.3", "0x10", "1e++3", "1e+-3", "1e99999999999999999999",
                                 "\xff",  "1,5",  "inf"}) {
    auto const refused = whole_units(text);
    REQUIRE(!refused);
    CHECK(refused.error().fault == Fault::Invalid);
    CHECK(refused.error().message.find("is no quantity: expected digits") != std::string::npos);
  }
  CHECK(whole_units(std::string(1000, 'x')).error().message.size() < 250);
}

SCENARIO("what 64 bits cannot hold is refused") {
  CHECK(whole_units("9223372036854775807").value() == std::numeric_limits<std::int64_t>::max());
  CHECK(whole_units("-9223372036854775807").value() == -std::numeric_limits<std::int64_t>::max());
  for (auto const* const text : {"9223372036854775808", "12E", "8Ei", "99999999999999999999",
                                 "1e19", "1e2000000000", "9223372036854775807.5"}) {
    auto const refused = whole_units(text);
    REQUIRE(!refused);
    CHECK(refused.error() ==
          Error{Fault::Invalid, "\"" + std::string{text} + "\" is beyond what 64 bits hold"});
  }
  CHECK(!thousandths("10P"));
  CHECK(thousandths("9P").value() == 9'000'000'000'000'000'000);
}
