#include "common/kube/packed.hpp"

#include <bit>

namespace kube {
namespace {

constexpr unsigned bits_per_byte = 7;
constexpr unsigned more = 1U << bits_per_byte;

void unpack_value(Unpacker& source, json::value& target, std::size_t depth);

void unpack_list(Unpacker& source, json::array& target, std::size_t depth) {
  auto const count = source.take_count();
  for (std::size_t at = 0; at < count; ++at)
    unpack_value(source, target.emplace_back(nullptr), depth);
}

void unpack_object(Unpacker& source, json::object& target, std::size_t depth) {
  auto const count = source.take_count();
  for (std::size_t at = 0; at < count; ++at) {
    auto const key = source.take_text();
    unpack_value(source, target[key], depth);
  }
}

/// `depth` is how many lists and objects may still stand in each other.
void unpack_value(Unpacker& source, json::value& target, std::size_t depth) {
  switch (static_cast<json::kind>(source.take_number())) {
    case json::kind::null:
      target = nullptr;
      return;
    case json::kind::bool_:
      target = source.take_number() != 0;
      return;
    case json::kind::int64:
      target = std::bit_cast<std::int64_t>(source.take_number());
      return;
    case json::kind::uint64:
      target = source.take_number();
      return;
    case json::kind::double_:
      target = std::bit_cast<double>(source.take_number());
      return;
    case json::kind::string:
      target = source.take_text();
      return;
    case json::kind::array:
      if (depth == 0) break;
      unpack_list(source, target.emplace_array(), depth - 1);
      return;
    case json::kind::object:
      if (depth == 0) break;
      unpack_object(source, target.emplace_object(), depth - 1);
      return;
  }
  source.fail();
}

}  // namespace

void Packer::add_number(std::uint64_t number) {
  for (; number >= more; number >>= bits_per_byte)
    bytes_ += static_cast<char>(number % more | more);
  bytes_ += static_cast<char>(number);
}

void Packer::add_text(std::string_view text) {
  add_number(text.size());
  bytes_ += text;
}

std::uint64_t Unpacker::take_number() {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < std::numeric_limits<std::uint64_t>::digits && !rest_.empty();
       shift += bits_per_byte) {
    auto const byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    std::uint64_t const part = byte % more;
    if (part << shift >> shift != part) break;
    number |= part << shift;
    if (byte < more) return number;
  }
  fail();
  return 0;
}

std::string_view Unpacker::take_text() {
  auto const size = take_count();
  auto const text = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return text;
}

std::size_t Unpacker::take_count() {
  auto const count = take_number();
  if (count <= rest_.size()) return count;
  fail();
  return 0;
}

/// What reads as empty text has an address nonetheless, which json::value asks for.
void Unpacker::fail() {
  failed_ = true;
  rest_ = "";
}

void Packed<json::value>::pack(json::value const& source, Packer& target) {
  target.add_number(static_cast<std::uint64_t>(source.kind()));
  switch (source.kind()) {
    case json::kind::null:
      break;
    case json::kind::bool_:
      target.add_number(source.get_bool() ? 1 : 0);
      break;
    case json::kind::int64:
      target.add_number(std::bit_cast<std::uint64_t>(source.get_int64()));
      break;
    case json::kind::uint64:
      target.add_number(source.get_uint64());
      break;
    case json::kind::double_:
      target.add_number(std::bit_cast<std::uint64_t>(source.get_double()));
      break;
    case json::kind::string:
      target.add_text(source.get_string());
      break;
    case json::kind::array:
      target.add_number(source.get_array().size());
      for (auto const& item : source.get_array()) pack(item, target);
      break;
    case json::kind::object:
      target.add_number(source.get_object().size());
      for (auto const& [key, value] : source.get_object()) {
        target.add_text(key);
        pack(value, target);
      }
      break;
  }
}

void Packed<json::value>::unpack(Unpacker& source, json::value& target) {
  unpack_value(source, target, max_depth);
}

}  // namespace kube
