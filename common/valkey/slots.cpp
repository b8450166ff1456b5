#include "common/valkey/slots.hpp"

#include "common/ascii.hpp"
#include "common/valkey/number.hpp"
#include "common/valkey/printable.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace valkey {
namespace {

std::optional<Slot> slot_of(std::string_view text) {
  auto const slot = ascii::is_digits(text) ? parsed<Slot>(text) : std::nullopt;
  return slot && *slot <= last_slot ? slot : std::nullopt;
}

/// Adds what is not before the last, and grows that where they touch.
void append(std::vector<SlotRange>& ranges, SlotRange range) {
  bool const touches = !ranges.empty() && range.first <= ranges.back().last + 1;
  if (touches)
    ranges.back().last = std::max(ranges.back().last, range.last);
  else
    ranges.push_back(range);
}

SlotSet complement(SlotSet const& slots) {
  SlotSet others;
  std::size_t next = 0;
  for (auto const& range : slots.ranges()) {
    if (next < range.first)
      others.insert({.first = static_cast<Slot>(next), .last = static_cast<Slot>(range.first - 1)});
    next = std::size_t{range.last} + 1;
  }
  if (next < slot_count) others.insert({.first = static_cast<Slot>(next), .last = last_slot});
  return others;
}

}  // namespace

std::string SlotRange::text() const {
  return first == last ? std::to_string(first) : std::to_string(first) + "-" + std::to_string(last);
}

std::optional<SlotRange> SlotRange::parse(std::string_view text) {
  auto const dash = text.find('-');
  auto const first = slot_of(text.substr(0, dash));
  auto const last = dash == std::string_view::npos ? first : slot_of(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return SlotRange{.first = *first, .last = *last};
}

Result<SlotSet> SlotSet::parse(std::string_view text) {
  SlotSet slots;
  for (text = ascii::trimmed(text); !text.empty(); text = ascii::trimmed(text)) {
    auto const word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    auto const range = SlotRange::parse(word);
    if (!range) return invalid("\"" + printable(word) + "\" is no range of slots, such as 0-5460");
    if (slots.shares_any(SlotSet{*range}))
      return invalid("slots of " + range->text() + " are named twice");
    slots.insert(*range);
  }
  return slots;
}

void SlotSet::insert(SlotRange range) {
  assert(range.first <= range.last && range.last <= last_slot);
  bool const is_behind = ranges_.empty() || ranges_.back().last < range.first;
  if (is_behind)
    append(ranges_, range);
  else
    *this = *this | SlotSet{range};
}

bool SlotSet::contains(Slot slot) const {
  auto const next = std::ranges::upper_bound(ranges_, slot, {}, &SlotRange::first);
  return next != ranges_.begin() && slot <= std::prev(next)->last;
}

std::size_t SlotSet::count() const {
  std::size_t sum = 0;
  for (auto const& range : ranges_) sum += range.count();
  return sum;
}

SlotSet SlotSet::first(std::size_t most) const {
  SlotSet taken;
  for (auto const& range : ranges_) {
    auto const count = std::min(most, range.count());
    if (count == 0) break;
    taken.ranges_.push_back(
        {.first = range.first, .last = static_cast<Slot>(range.first + count - 1)});
    most -= count;
  }
  return taken;
}

SlotSet SlotSet::operator|(SlotSet const& others) const {
  if (others.empty()) return *this;
  if (empty()) return others;
  std::vector<SlotRange> both;
  both.reserve(ranges_.size() + others.ranges_.size());
  std::ranges::merge(ranges_, others.ranges_, std::back_inserter(both));
  SlotSet joined;
  for (auto const& range : both) append(joined.ranges_, range);
  return joined;
}

SlotSet SlotSet::operator&(SlotSet const& others) const {
  SlotSet common;
  auto left = ranges_.begin();
  auto right = others.ranges_.begin();
  while (left != ranges_.end() && right != others.ranges_.end()) {
    auto const first = std::max(left->first, right->first);
    auto const last = std::min(left->last, right->last);
    if (first <= last) common.ranges_.push_back({.first = first, .last = last});
    if (left->last < right->last)
      ++left;
    else
      ++right;
  }
  return common;
}

SlotSet SlotSet::operator-(SlotSet const& others) const {
  if (empty() || others.empty()) return *this;
  return *this & complement(others);
}

std::string SlotSet::text() const {
  std::string text;
  for (auto const range : ranges()) text += (text.empty() ? "" : " ") + range.text();
  return text;
}

std::vector<SlotRange> even_shares(std::size_t shards) {
  assert(1 <= shards && shards <= slot_count);
  std::vector<SlotRange> shares;
  shares.reserve(shards);
  for (std::size_t shard = 0; shard < shards; ++shard)
    shares.push_back({.first = static_cast<Slot>(shard * slot_count / shards),
                      .last = static_cast<Slot>((shard + 1) * slot_count / shards - 1)});
  return shares;
}

}  // namespace valkey
