#include "common/kube/timestamp.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;
using kube::parse_http_date;
using kube::parse_timestamp;

namespace {

constexpr kube::Timestamp noon = std::chrono::sys_days{2026y / 2 / 3} + 12h;

}  // namespace

SCENARIO("timestamps are read with any offset, to the microsecond") {
  CHECK(parse_timestamp("2026-02-03T12:00:00Z").value() == noon);
  CHECK(parse_timestamp("2026-02-03T14:00:00+02:00").value() == noon);
  CHECK(parse_timestamp("2026-02-03T06:30:00-05:30").value() == noon);
  CHECK(parse_timestamp("2026-02-03T12:00:00.000001Z").value() == noon + 1us);
  CHECK(parse_timestamp("2026-02-03T12:00:00.5Z").value() == noon + 500ms);
  CHECK(parse_timestamp("2026-02-03T12:00:00.123456789Z").value() == noon + 123456us);
  CHECK(parse_timestamp("0000-01-01T00:00:00Z"));
  CHECK(parse_timestamp("2024-02-29T23:59:59Z"));
}

SCENARIO("what is no timestamp is refused with the rule") {
  for (auto const* const text :
       {"", "2026", "2026-02-03", "2026-02-03 12:00:00Z", "2026-02-03T12:00:00",
        "2026-13-03T12:00:00Z", "2026-02-30T12:00:00Z", "2025-02-29T12:00:00Z",
        "2026-02-03T24:00:00Z", "2026-02-03T12:60:00Z", "2026-02-03T12:00:60Z",
        "2026-02-03T12:00:00.Z", "2026-02-03T12:00:00Zx", "2026-02-03T12:00:00+2:00",
        "2026-02-03T12:00:00+24:00", "-026-02-03T12:00:00Z", "2026-2-03T12:00:00Z", "\xff"}) {
    auto const refused = parse_timestamp(text);
    REQUIRE(!refused);
    CHECK(refused.error().fault == Fault::Invalid);
    CHECK(refused.error().message.find("is no timestamp: expected RFC 3339") != std::string::npos);
  }
}

SCENARIO("timestamps are written as Kubernetes writes them") {
  CHECK(kube::format_seconds(noon + 999999us) == "2026-02-03T12:00:00Z");
  CHECK(kube::format_microseconds(noon + 42us) == "2026-02-03T12:00:00.000042Z");
  CHECK(kube::format_microseconds(kube::Timestamp{} - 1us) == "1969-12-31T23:59:59.999999Z");
}

SCENARIO("dates of HTTP are read in the form that is still written") {
  CHECK(parse_http_date("Tue, 03 Feb 2026 12:00:00 GMT") == noon);
  for (auto const* const text : {"", "Tue, 03 Feb 2026 12:00:00", "Tue, 03 Feb 2026 12:00:00 CET",
                                 "Tue, 3 Feb 2026 12:00:00 GMT", "Xxx, 03 Feb 2026 12:00:00 GMT",
                                 "Tue, 03 Xxx 2026 12:00:00 GMT", "Tue, 30 Feb 2026 12:00:00 GMT",
                                 "Tue, 03 Feb 2026 12:00:00 GMT.",
                                 "Tuesday, 03-Feb-26 12:00:00 GMT", "Tue Feb  3 12:00:00 2026"})
    CHECK(!parse_http_date(text));
}
