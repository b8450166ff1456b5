#include "common/json/mapping.hpp"

#include "test/support/sample.hpp"

#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdlib>

/// Whatever parses as JSON decodes or is refused; what decodes survives encoding.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  boost::system::error_code failure;
  auto const document = json::parse({reinterpret_cast<char const*>(bytes), size}, failure);
  if (failure) return 0;
  auto const decoded = mapping::decode<sample::Spec>(document, "spec");
  if (decoded && mapping::decode<sample::Spec>(mapping::encode(*decoded)).value() != *decoded)
    std::abort();
  return 0;
}
