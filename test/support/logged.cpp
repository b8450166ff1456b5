#include "test/support/logged.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

boost::json::object until_logged(Process const& process, std::string_view event) {
  for (auto line = process.next_line_of_errors(); !line.empty();
       line = process.next_line_of_errors()) {
    boost::system::error_code is_no_entry;
    auto const entry = boost::json::parse(line, is_no_entry);
    if (is_no_entry || !entry.is_object()) continue;
    auto const* const found = entry.get_object().if_contains("event");
    if (found && *found == boost::json::string{event}) return entry.get_object();
  }
  FAIL("it never logged that it " << event);
  return {};
}
