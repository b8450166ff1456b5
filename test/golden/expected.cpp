#include "test/golden/expected.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

std::string expected(std::string const& name, std::string_view actual) {
  auto const path = std::string{EXPECTED_FOLDER} + "/" + name;
  auto const* const update = std::getenv("UPDATE_GOLDEN");
  if (update && std::string_view{update} == "1") std::ofstream{path} << actual;
  std::ifstream file{path};
  return {std::istreambuf_iterator{file}, {}};
}
