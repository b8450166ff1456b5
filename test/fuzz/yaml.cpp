#include "common/yaml.hpp"

#include <boost/json/serialize.hpp>
#include <cstdint>
#include <cstdlib>

/// Whatever is read as YAML and written as JSON is the same YAML again.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  auto const parsed = yaml::parse({reinterpret_cast<char const*>(bytes), size});
  if (!parsed) {
    if (parsed.error().fault != Fault::Invalid) std::abort();
    return 0;
  }
  auto const written = json::serialize(*parsed);
  if (written.size() > 4096 || written.contains('\x7f')) return 0;
  auto const again = yaml::parse(written);
  if (again && json::serialize(*again) != written) std::abort();
  return 0;
}
