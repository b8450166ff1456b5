#include "common/kube/watch_decoder.hpp"

#include <boost/json/serialize.hpp>
#include <cstdint>
#include <cstdlib>

namespace {

struct Reading {
  std::string told;
  bool failed = false;
  bool operator==(Reading const&) const = default;
};

Reading read(std::string_view text, std::size_t size) {
  Reading reading;
  kube::WatchDecoder decoder{[&](kube::WatchEvent const& event) {
                               reading.told += std::to_string(static_cast<int>(event.type)) +
                                               json::serialize(event.object);
                             },
                             {.bytes = 1024, .depth = 16}};
  for (; !text.empty() && !reading.failed; text.remove_prefix(std::min(size, text.size())))
    reading.failed = !decoder.feed(text.substr(0, size));
  return reading;
}

}  // namespace

/// Whatever a stream holds, what is told of it does not depend on where its chunks end.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  auto const whole = read(text, text.size());
  if (read(text, 1) != whole || read(text, 7) != whole) std::abort();
  return 0;
}
