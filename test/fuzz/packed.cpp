#include "common/kube/packed.hpp"

#include "test/support/sample.hpp"

#include <cstdlib>

/// Any bytes unpack or are refused; what unpacks, packs to what unpacks to the same.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  auto const unpacked = kube::unpack<sample::Spec>({reinterpret_cast<char const*>(bytes), size});
  if (!unpacked) return 0;
  auto const packed = kube::pack(*unpacked);
  if (kube::pack(kube::unpack<sample::Spec>(packed).value()) != packed) std::abort();
  return 0;
}
