#include "common/logging.hpp"

#include "test/golden/expected.hpp"

#include <catch2/catch_test_macros.hpp>

SCENARIO("log lines look as they always did") {
  using namespace std::chrono;
  auto const time = sys_days{year{2026} / 2 / 3} + 4h + 5min + 6s + 7ms;
  std::string lines;
  auto const log = [&](logging::Level level, std::string_view event, json::object const& fields) {
    lines += logging::line(time, level, event, fields) + "\n";
  };
  log(logging::Level::Debug, "cache filled", {});
  log(logging::Level::Info, "slots moved", {{"cluster", "demo/cache"}, {"count", 1365}});
  log(logging::Level::Warning, "node silent", {{"since", 2.5}, {"nodes", {"a", "b"}}});
  log(logging::Level::Error, "reconcile failed", {{"message", "line\nbreak"}, {"level", 9}});
  CHECK(lines == expected("log_lines.jsonl", lines));
}
