#include "common/kube/retry_after.hpp"

#include <cstdint>
#include <cstdlib>

/// Whatever a header says, nobody waits for less than no time, or for ever.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  constexpr kube::Timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 2 / 3};
  auto const wait = kube::retry_after(text, now);
  if (wait && (*wait < std::chrono::seconds{0} || *wait > kube::longest_retry_after)) std::abort();
  return 0;
}
