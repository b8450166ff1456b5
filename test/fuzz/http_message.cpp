#include "common/net/http_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

constexpr std::size_t most = 256;
constexpr net::MessageLimits limits{.head = most, .body = most};

/// Aborts when more is kept of a message than its limits allow.
template <class Message>
void measure(Message const& message) {
  std::size_t size = 0;
  std::size_t fields = 0;
  for (auto const& [name, value] : message.headers) {
    size += name.size() + value.size();
    ++fields;
  }
  if (size > most || fields > most || message.body.size() > most) std::abort();
}

/// Reads `bytes` in pieces as long as the last byte says, and as a server would: limits are small.
template <class Message>
void read(std::string_view bytes) {
  net::HttpParser<Message> parser{limits};
  std::size_t const size = bytes.empty() ? 1 : 1 + static_cast<unsigned char>(bytes.back());
  std::string unread;
  while (!bytes.empty()) {
    unread += bytes.substr(0, size);
    bytes.remove_prefix(std::min(size, bytes.size()));
    auto const count = parser.put(unread);
    if (!count) return;
    unread.erase(0, *count);
    measure(parser.message());
  }
  (void)parser.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  read<net::Request>(text);
  read<net::Response>(text);
  return 0;
}
