#pragma once
#include "common/valkey/error_reply.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace valkey {

struct Reply;

/// An integer of any length, as text.
struct BigNumber {
  std::string digits;
  bool operator==(BigNumber const&) const = default;
};

/// Also of RESP3's sets and pushes.
using List = std::vector<Reply>;

/// In the order of the server: keys and values take turns.
struct Map {
  List keys_and_values;
  bool operator==(Map const& other) const;
};

/// What a server answers, by RESP2 or RESP3.
struct Reply {
  using Null = std::monostate;
  using Value =
      std::variant<Null, bool, std::int64_t, double, BigNumber, std::string, ErrorReply, List, Map>;

  Value value;

  bool is_null() const { return std::holds_alternative<Null>(value); }

  /// Nothing unless the server refused.
  ErrorReply const* refusal() const { return std::get_if<ErrorReply>(&value); }

  bool operator==(Reply const& other) const;
};

/// A map, or a list of keys and values, of which RESP2 has to make maps. Valid as long as the
/// reply.
class MapView {
 public:
  MapView() = default;
  explicit MapView(std::span<Reply const> keys_and_values) : flat_{keys_and_values} {}

  /// Keys and values have indices below this.
  std::size_t size() const { return flat_.size() / 2; }
  Reply const& key(std::size_t index) const { return flat_[2 * index]; }
  Reply const& value(std::size_t index) const { return flat_[2 * index + 1]; }

  /// The first value of that name, or null.
  Reply const* find(std::string_view name) const;

  /// The same as text or as an integer; NotFound where there is none of that name.
  Result<std::string_view> text(std::string_view name) const;
  Result<std::int64_t> integer(std::string_view name) const;

 private:
  std::span<Reply const> flat_;
};

/// These say what a reply has to be. One that is something else is Transient, "expected text, got a
/// list"; a refusal is the Error that it stands for.
Result<std::string_view> text_of(Reply const& reply);
Result<bool> boolean_of(Reply const& reply);
Result<double> number_of(Reply const& reply);  ///< a double, or an integer
Result<std::span<Reply const>> list_of(Reply const& reply);
Result<MapView> map_of(Reply const& reply);

/// An integer, or text that is one, as CONFIG GET says it.
Result<std::int64_t> integer_of(Reply const& reply);

/// Whether the server does what it was told: "OK", or other text that is no refusal.
Result<> accepted(Reply const& reply);

}  // namespace valkey
