#include "common/environment.hpp"

#include <unistd.h>

Environment current_environment() {
  Environment variables;
  for (char const* const* entry = environ; entry && *entry; ++entry) {
    std::string_view const text{*entry};
    if (auto const end = text.find('='); end != std::string_view::npos)
      variables.emplace(text.substr(0, end), text.substr(end + 1));
  }
  return variables;
}
