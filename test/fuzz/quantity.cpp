#include "common/kube/quantity.hpp"

#include <cstdint>
#include <cstdlib>

/// What is a quantity in thousandths is one in whole units, of the same sign and rounded up.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  auto const whole = kube::whole_units(text);
  auto const fine = kube::thousandths(text);
  if (!whole && whole.error().fault != Fault::Invalid) std::abort();
  if (!fine) return 0;
  auto const rounded = *fine / 1000 + (*fine % 1000 > 0 ? 1 : 0) - (*fine % 1000 < 0 ? 1 : 0);
  if (!whole || *whole != rounded) std::abort();
  return 0;
}
