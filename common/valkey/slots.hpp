#pragma once
#include "common/result.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The hash slots of a cluster. Nothing here takes a shard's slots for one range.
namespace valkey {

using Slot = std::uint16_t;

inline constexpr std::size_t slot_count = 16384;
inline constexpr Slot last_slot = slot_count - 1;

/// From the first slot to the last, both included. `first` is not above `last`, nor that above
/// last_slot.
struct SlotRange {
  Slot first = 0;
  Slot last = 0;

  std::size_t count() const { return std::size_t{last} - first + 1; }
  std::string text() const;  ///< "5-7", or "5" for one slot
  auto operator<=>(SlotRange const&) const = default;

  /// Nothing for what is no range of slots.
  static std::optional<SlotRange> parse(std::string_view text);
};

/// Any slots. As small as they lie together: a cluster's nodes each know of each other's.
class SlotSet {
 public:
  SlotSet() = default;
  explicit SlotSet(SlotRange range) : ranges_{range} {}

  static SlotSet all() { return SlotSet{{.first = 0, .last = last_slot}}; }

  /// "0-5460 5462", in any order. Invalid for anything else, a slot named twice among it.
  static Result<SlotSet> parse(std::string_view text);

  void insert(Slot slot) { insert(SlotRange{.first = slot, .last = slot}); }
  void insert(SlotRange range);
  void erase(Slot slot) { *this = *this - SlotSet{{.first = slot, .last = slot}}; }

  bool contains(Slot slot) const;
  bool contains_all(SlotSet const& others) const { return (others - *this).empty(); }
  bool shares_any(SlotSet const& others) const { return !(*this & others).empty(); }
  bool empty() const { return ranges_.empty(); }
  std::size_t count() const;

  /// In ascending order, none next to another.
  std::vector<SlotRange> const& ranges() const { return ranges_; }

  /// The first `most` of them, in ascending order; all where there are fewer.
  SlotSet first(std::size_t most) const;

  /// As parse() reads it.
  std::string text() const;

  SlotSet operator|(SlotSet const& others) const;
  SlotSet operator&(SlotSet const& others) const;
  SlotSet operator-(SlotSet const& others) const;
  bool operator==(SlotSet const&) const = default;

 private:
  std::vector<SlotRange> ranges_;
};

/// All slots, in order, as one range for each of 1 to slot_count shards. Their sizes differ by at
/// most one.
std::vector<SlotRange> even_shares(std::size_t shards);

}  // namespace valkey
