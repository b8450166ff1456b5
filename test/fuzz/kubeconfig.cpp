#include "common/kube/kubeconfig.hpp"

#include <cstdint>
#include <cstdlib>

/// Merging a kubeconfig with itself changes nothing.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  auto parsed = kube::parse_kubeconfig(text, "first");
  if (!parsed) {
    if (!parsed.error().message.starts_with("kubeconfig first: ")) std::abort();
    return 0;
  }
  auto const before = *parsed;
  kube::merge(*parsed, kube::parse_kubeconfig(text, "second").value());
  if (parsed->current_context != before.current_context ||
      parsed->users.size() != before.users.size())
    std::abort();
  for (auto const& [name, user] : parsed->users)
    if (user.file != "first" || !before.users.contains(name)) std::abort();
  return 0;
}
