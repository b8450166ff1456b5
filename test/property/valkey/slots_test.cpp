#include "common/valkey/slots.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

namespace {

namespace gen = rc::gen;
using valkey::Slot;
using valkey::slot_count;
using valkey::SlotRange;
using valkey::SlotSet;

/// Scattered slots and ranges, the first and the last slot often among them.
SlotSet any_slots() {
  auto const slot = gen::weightedOneOf<int>(
      {{8, gen::inRange(0, 16384)}, {1, gen::just(0)}, {1, gen::just(16383)}});
  auto const ranges = *gen::container<std::vector<std::pair<int, int>>>(gen::pair(slot, slot));
  SlotSet slots;
  for (auto const& [one, other] : ranges)
    slots.insert(SlotRange{.first = static_cast<Slot>(std::min(one, other)),
                           .last = static_cast<Slot>(std::max(one, other))});
  for (auto const single : *gen::container<std::vector<int>>(slot))
    slots.erase(static_cast<Slot>(single));
  return slots;
}

}  // namespace

TEST_CASE("slots that are written read as the same", "[H22]") {
  CHECK(rc::check([] {
    auto const slots = any_slots();
    RC_ASSERT(SlotSet::parse(slots.text()).value() == slots);
  }));
}

TEST_CASE("ranges of slots are ascending, apart from each other, and all that is there", "[H22]") {
  CHECK(rc::check([] {
    auto const slots = any_slots();
    SlotSet joined;
    int before = -2;
    for (auto const range : slots.ranges()) {
      RC_ASSERT(range.first > before + 1);
      before = range.last;
      joined.insert(range);
    }
    RC_ASSERT(joined == slots);
  }));
}

TEST_CASE("sets of slots obey the laws of sets", "[H22]") {
  CHECK(rc::check([] {
    auto const a = any_slots();
    auto const b = any_slots();
    auto const c = any_slots();
    RC_ASSERT((a | b) == (b | a));
    RC_ASSERT((a - b) == (a & (SlotSet::all() - b)));
    RC_ASSERT(((a - b) | (a & b)) == a);
    RC_ASSERT((a & (b | c)) == ((a & b) | (a & c)));
    RC_ASSERT((a | b).count() + (a & b).count() == a.count() + b.count());
    RC_ASSERT(a.shares_any(b) == !(a & b).empty());
    RC_ASSERT(a.contains_all(b) == ((a | b) == a));
  }));
}

TEST_CASE("the first slots of a set are as many as asked for, and below all others", "[H22]") {
  CHECK(rc::check([] {
    auto const slots = any_slots();
    auto const most = *gen::inRange<std::size_t>(0, slot_count + 1);
    auto const taken = slots.first(most);
    RC_ASSERT(taken.count() == std::min(most, slots.count()));
    RC_ASSERT(slots.contains_all(taken));
    auto const rest = slots - taken;
    if (taken.empty() || rest.empty()) return;
    RC_ASSERT(taken.ranges().back().last < rest.ranges().front().first);
  }));
}

TEST_CASE("any number of shards shares every slot, in sizes that differ by at most one", "[H22]") {
  CHECK(rc::check([] {
    auto const shards = *gen::inRange<std::size_t>(1, slot_count + 1);
    auto const shares = valkey::even_shares(shards);
    RC_ASSERT(shares.size() == shards);
    std::size_t next = 0;
    for (auto const share : shares) {
      RC_ASSERT(share.first == next);
      RC_ASSERT(share.last < slot_count);
      RC_ASSERT(share.count() == slot_count / shards || share.count() == slot_count / shards + 1);
      next = std::size_t{share.last} + 1;
    }
    RC_ASSERT(next == slot_count);
  }));
}
