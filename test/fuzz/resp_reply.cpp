#include "common/valkey/resp.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>

namespace {

using valkey::Reply;

constexpr valkey::ReplyLimits limits{
    .line = 64, .bulk = 256, .memory = std::size_t{64} << 10, .elements = 64, .depth = 6};

struct Reading {
  std::string told;
  std::string failure;
  bool operator==(Reading const&) const = default;
};

/// No reply may be deeper or larger than the limits.
struct Teller {
  std::string& told;
  std::size_t depth = 0;

  void operator()(Reply::Null) const { told += "null "; }
  void operator()(bool value) const { told += value ? "true " : "false "; }
  void operator()(std::int64_t value) const { told += fmt::format("{} ", value); }
  void operator()(double value) const { told += fmt::format("{} ", value); }
  void operator()(valkey::BigNumber const& value) const { told += value.digits + "n "; }
  void operator()(std::string const& value) const {
    if (value.size() > limits.bulk) std::abort();
    told += "\"" + value + "\" ";
  }
  void operator()(valkey::ErrorReply const& value) const {
    if (from(value).message.size() > 256) std::abort();
    told += "!" + value.text + " ";
  }
  void operator()(valkey::List const& value) const {
    if (value.size() > limits.elements || depth >= limits.depth) std::abort();
    told += "[";
    for (auto const& element : value) std::visit(Teller{told, depth + 1}, element.value);
    told += "]";
  }
  void operator()(valkey::Map const& value) const {
    if (value.keys_and_values.size() % 2 != 0) std::abort();
    told += "%";
    (*this)(value.keys_and_values);
  }
};

/// Every accessor takes every reply.
void look_at(Reply const& reply) {
  (void)valkey::text_of(reply);
  (void)valkey::integer_of(reply);
  (void)valkey::number_of(reply);
  (void)valkey::boolean_of(reply);
  (void)valkey::list_of(reply);
  (void)valkey::accepted(reply);
  auto const map = valkey::map_of(reply);
  for (std::size_t index = 0; map && index < map->size(); ++index)
    if (auto const key = valkey::text_of(map->key(index)); key && !map->find(*key)) std::abort();
}

Reading read(std::string_view text, std::size_t size) {
  Reading reading;
  valkey::ReplyParser parser{limits};
  for (; !text.empty() && reading.failure.empty(); text.remove_prefix(std::min(size, text.size())))
    if (auto const outcome = parser.put(text.substr(0, size)); !outcome)
      reading.failure = outcome.error().message;
  if (reading.failure.empty() && parser.is_midway()) reading.told = "midway ";
  for (auto const& reply : parser.replies()) {
    std::visit(Teller{reading.told}, reply.value);
    look_at(reply);
  }
  return reading;
}

}  // namespace

/// Whatever a server says, what is read of it is bounded, and does not depend on how it is cut.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  auto const whole = read(text, text.size());
  if (read(text, 1) != whole || read(text, 7) != whole) std::abort();
  return 0;
}
