#include "common/kube/duration.hpp"

#include <catch2/catch_test_macros.hpp>

using kube::format_duration;
using kube::parse_duration;
using namespace std::chrono_literals;

SCENARIO("durations are read as Go reads them") {
  CHECK(parse_duration("0").value() == 0ns);
  CHECK(parse_duration("-0").value() == 0ns);
  CHECK(parse_duration("1h30m").value() == 90min);
  CHECK(parse_duration("2160h").value() == 2160h);
  CHECK(parse_duration("1.5s").value() == 1500ms);
  CHECK(parse_duration("100ms").value() == 100ms);
  CHECK(parse_duration("-1m").value() == -1min);
  CHECK(parse_duration("+5.s").value() == 5s);
  CHECK(parse_duration(".5s").value() == 500ms);
  CHECK(parse_duration("12us").value() == 12us);
  CHECK(parse_duration("12\u00B5s").value() == 12us);
  CHECK(parse_duration("12\u03BCs").value() == 12us);
  CHECK(parse_duration("39h9m14.425s").value() == 39h + 9min + 14s + 425ms);
  CHECK(parse_duration("1s1h").value() == 1h + 1s);
  CHECK(parse_duration("0.9223372036854775807h").value() == 55min + 20413933267ns);
  CHECK(parse_duration("0.100000000000000000000h").value() == 6min);
  CHECK(parse_duration("0.3333333333333333333h").value() == 20min);
  CHECK(parse_duration("1.9ns").value() == 1ns);
}

SCENARIO("durations reach as far as 64 bits do") {
  CHECK(parse_duration("9223372036854775807ns").value() == std::chrono::nanoseconds::max());
  CHECK(parse_duration("-9223372036854775808ns").value() == std::chrono::nanoseconds::min());
  CHECK(!parse_duration("9223372036854775808ns"));
  CHECK(!parse_duration("-9223372036854775809ns"));
  CHECK(!parse_duration("3000000h"));
  CHECK(!parse_duration("2562047h47m16.854775808s"));
  CHECK(!parse_duration("9223372036854775807ns1ns1ns"));
  CHECK(!parse_duration("99999999999999999999999999s"));
}

SCENARIO("what is no duration is refused with the rule") {
  for (auto const* const text : {"", "3", "-", "s", ".", "-.", ".s", "+.s", "1d", "1 h", "1h ",
                                 "1H", "--1s", "1e3s", "1.2.3s", "\xffs", "1\xff"}) {
    auto const refused = parse_duration(text);
    REQUIRE(!refused);
    CHECK(refused.error().fault == Fault::Invalid);
    CHECK(refused.error().message.find("is no duration: expected numbers with units") !=
          std::string::npos);
  }
}

SCENARIO("durations are written as Go writes them") {
  CHECK(format_duration(0ns) == "0s");
  CHECK(format_duration(1ns) == "1ns");
  CHECK(format_duration(1100ns) == "1.1\u00B5s");
  CHECK(format_duration(2200us) == "2.2ms");
  CHECK(format_duration(10ms) == "10ms");
  CHECK(format_duration(3300ms) == "3.3s");
  CHECK(format_duration(245s) == "4m5s");
  CHECK(format_duration(4min + 5001ms) == "4m5.001s");
  CHECK(format_duration(5h + 6min + 7001ms) == "5h6m7.001s");
  CHECK(format_duration(8min + 1ns) == "8m0.000000001s");
  CHECK(format_duration(2160h) == "2160h0m0s");
  CHECK(format_duration(-90s) == "-1m30s");
  CHECK(format_duration(std::chrono::nanoseconds::max()) == "2562047h47m16.854775807s");
  CHECK(format_duration(std::chrono::nanoseconds::min()) == "-2562047h47m16.854775808s");
}
