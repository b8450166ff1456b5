#include "common/logging.hpp"

#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdlib>

/// Whatever the event and its fields hold, the line is one line of valid JSON.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  auto const event = text.substr(0, size / 2);
  auto const line = logging::line({}, logging::Level::Info, event, {{event, text}, {"text", text}});
  boost::system::error_code failure;
  json::parse(line, failure);
  if (failure || line.find('\n') != std::string::npos) std::abort();
  return 0;
}
