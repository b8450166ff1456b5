#include "common/net/http_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

/// Reads `bytes` in pieces as long as the first byte says, and as a server would: limits are small.
template <class Message>
void read(std::string_view bytes) {
  net::HttpParser<Message> parser{{.head = 256, .body = 256}};
  std::size_t const size = bytes.empty() ? 1 : 1 + static_cast<unsigned char>(bytes.front());
  std::string unread;
  while (!bytes.empty()) {
    unread += bytes.substr(0, size);
    bytes.remove_prefix(std::min(size, bytes.size()));
    auto const count = parser.put(unread);
    if (!count) return;
    unread.erase(0, *count);
    if (parser.message().body.size() > 256) std::abort();
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
