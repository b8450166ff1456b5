#include "common/logging.hpp"

#include "common/secret.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_from.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace std::chrono_literals;

std::chrono::sys_days const new_year = std::chrono::year{2026} / 1 / 1;

std::string line(json::object const& fields) {
  return logging::line(new_year, logging::Level::Info, "event", fields);
}

}  // namespace

SCENARIO("a line says when, how grave and what, then the fields in their order") {
  CHECK(logging::line(new_year + 45296789us, logging::Level::Warning, "slots moved",
                      {{"cluster", "demo"}, {"count", 1365}}) ==
        R"({"time":"2026-01-01T00:00:45.296Z","level":"warning","event":"slots moved",)"
        R"("cluster":"demo","count":1365})");
}

SCENARIO("a time before 1970 is still one") {
  CHECK(logging::line(std::chrono::sys_days{} - 1ms, logging::Level::Debug, "e", {}) ==
        R"({"time":"1969-12-31T23:59:59.999Z","level":"debug","event":"e"})");
}

SCENARIO("a field cannot take the place of another") {
  auto const entry = json::parse(line({{"event_", 1}, {"event", 2}, {"time", 3}, {"level", 4}}));
  CHECK(entry.at("event") == "event");
  CHECK(entry.at("event_") == 1);
  CHECK(entry.at("event__") == 2);
  CHECK(entry.at("time_") == 3);
  CHECK(entry.at("level_") == 4);
}

SCENARIO("bytes that are not UTF-8 do not spoil the line") {
  auto const entry =
      json::parse(line({{"bad\xff", "\xc3(\x80"}, {"nested", {{"x", "\xed\xa0\x80"}}}}));
  CHECK(entry.at("bad\uFFFD") == "\uFFFD(\uFFFD");
  CHECK(entry.at("nested").at("x") == "\uFFFD\uFFFD\uFFFD");
}

SCENARIO("text with line ends stays on its line") {
  CHECK(line({{"text", "one\ntwo\r"}}).find_first_of("\r\n") == std::string::npos);
}

static_assert(!json::has_value_from<Secret>::value);
