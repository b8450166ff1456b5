#include "common/valkey/slots.hpp"

#include <catch2/catch_test_macros.hpp>

using valkey::SlotRange;
using valkey::SlotSet;

namespace {

SlotSet slots(std::string_view text) { return SlotSet::parse(text).value(); }

}  // namespace

SCENARIO("slots are written as Valkey writes them, wherever they lie", "[H22]") {
  CHECK(slots("").empty());
  CHECK(slots("0-5460 5462").count() == 5462);
  CHECK(slots("0-5460 5462").text() == "0-5460 5462");
  CHECK(slots(" 7  5 6 16383 0 ").text() == "0 5-7 16383");
  CHECK(slots("5-5").text() == "5");
  CHECK(SlotSet::all().text() == "0-16383");
  CHECK(SlotSet{}.text().empty());
}

SCENARIO("what is no range of slots is refused") {
  for (auto const* const wrong : {"16384", "0-16384", "65536", "-1", "1-", "-", "2-1", "1-2-3", "a",
                                  "1,2", "0x1", "1\n", "+1", "99999999999999999999"}) {
    CAPTURE(wrong);
    CHECK_FALSE(SlotRange::parse(wrong));
    auto const refused = SlotSet::parse(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::Invalid);
  }
  CHECK(SlotSet::parse("x\n").error().message == R"("x\x0a" is no range of slots, such as 0-5460)");
  CHECK(SlotSet::parse("0-5 7 5-6").error().message == "slots of 5-6 are named twice");
}

SCENARIO("sets of slots are joined, cut and compared") {
  auto const left = slots("0-9 20");
  auto const right = slots("5-14 20-21");
  CHECK((left | right).text() == "0-14 20-21");
  CHECK((left & right).text() == "5-9 20");
  CHECK((left - right).text() == "0-4");
  CHECK(left.shares_any(right));
  CHECK_FALSE(slots("1").shares_any(slots("2")));
  CHECK(left.contains_all(slots("3 20")));
  CHECK_FALSE(left.contains_all(right));
  CHECK(left.contains(20));
  CHECK_FALSE(left.contains(16384));
}

SCENARIO("slots are taken from the beginning, over all gaps", "[H22]") {
  auto const scattered = slots("3 5-6 16383");
  CHECK(scattered.first(0).empty());
  CHECK(scattered.first(2).text() == "3 5");
  CHECK(scattered.first(4) == scattered);
  CHECK(scattered.first(99) == scattered);
}

SCENARIO("slots come and go one by one") {
  SlotSet set;
  set.insert(16383);
  set.insert(SlotRange{.first = 1, .last = 3});
  set.erase(2);
  CHECK(set.text() == "1 3 16383");
}

SCENARIO("three shards share all slots as evenly as can be", "[H22]") {
  CHECK(valkey::even_shares(3) == std::vector<SlotRange>{{0, 5460}, {5461, 10921}, {10922, 16383}});
  CHECK(valkey::even_shares(1) == std::vector<SlotRange>{{0, 16383}});
  CHECK(valkey::even_shares(16384).back() == SlotRange{16383, 16383});
}
