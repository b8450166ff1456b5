#include "common/logging.hpp"

#include "common/utf8.hpp"
#include "test/property/generators.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

TEST_CASE("a log line is one line of valid JSON that keeps every field") {
  CHECK(rc::check([] {
    auto const event = *text();
    auto const fields =
        *rc::gen::container<std::map<std::string, json::value>>(text(), value_with_any_double());
    auto const line =
        logging::line({}, logging::Level::Info, event, json::object(fields.begin(), fields.end()));
    RC_ASSERT(line.find_first_of("\r\n") == std::string::npos);
    boost::system::error_code failure;
    auto const entry = json::parse(line, failure);
    RC_ASSERT(!failure);
    RC_ASSERT(entry.as_object().at("event").as_string() == utf8::repaired(event));
    RC_ASSERT(entry.as_object().size() == 3 + fields.size());
  }));
}

TEST_CASE("repaired text is valid, and repairing it again changes nothing") {
  CHECK(rc::check([] {
    auto const valid = utf8::repaired(*text());
    RC_ASSERT(utf8::repaired(valid) == valid);
    boost::system::error_code failure;
    json::parse(json::serialize(json::string{valid}), failure);
    RC_ASSERT(!failure);
  }));
}
