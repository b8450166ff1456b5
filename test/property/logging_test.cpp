#include "common/logging.hpp"

#include "common/utf8.hpp"
#include "test/property/generators.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

TEST_CASE("a log line is one line of valid JSON that keeps every field") {
  CHECK(rc::check([](std::string const& event, std::map<std::string, json::value> const& fields) {
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
  CHECK(rc::check([](std::string const& bytes) {
    auto const text = utf8::repaired(bytes);
    RC_ASSERT(utf8::repaired(text) == text);
    boost::system::error_code failure;
    json::parse(json::serialize(json::string{text}), failure);
    RC_ASSERT(!failure);
  }));
}
