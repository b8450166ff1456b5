#include "common/kube/status.hpp"

#include "common/utf8.hpp"

#include <cstdint>
#include <cstdlib>

/// Whatever a server answers, there is a Status of it, and its message is short and valid.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  auto const status = kube::status_of(static_cast<unsigned>(size % 600), "text/plain", text);
  if (status.message.size() > kube::longest_status_text) std::abort();
  if (utf8::repaired(status.message) != status.message) std::abort();
  auto const error = kube::error_of(status);
  if (kube::is_gone(status) && status.reason.empty() && error.fault != Fault::Transient)
    std::abort();
  kube::wants_newer_version(status);
  kube::refuses_watch_list(status);
  return 0;
}
