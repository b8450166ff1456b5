#include "common/logging.hpp"

#include "common/utf8.hpp"

#include <atomic>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cmath>
#include <fmt/core.h>
#include <unistd.h>

namespace logging {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a process has one level.
std::atomic<Level> least_level = Level::Info;

std::string_view name(Level level) {
  switch (level) {
    case Level::Debug:
      return "debug";
    case Level::Info:
      return "info";
    case Level::Warning:
      return "warning";
    case Level::Error:
      return "error";
  }
  return "";
}

/// RFC 3339 in UTC, to the millisecond.
std::string timestamp(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  auto const moment = floor<milliseconds>(time);
  auto const midnight = floor<days>(moment);
  year_month_day const date{midnight};
  hh_mm_ss const clock{moment - midnight};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

/// JSON has no word for NaN or infinity.
json::value finite(json::value value) {
  if (auto const* const number = value.if_double(); number && !std::isfinite(*number)) return {};
  if (auto* const list = value.if_array())
    for (auto& item : *list) item = finite(std::move(item));
  if (auto* const object = value.if_object())
    for (auto&& [key, member] : *object) member = finite(std::move(member));
  return value;
}

/// In one call where the system allows, so that the lines of several threads do not mix.
void write_all(std::string_view text) {
  while (!text.empty()) {
    auto const written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) return;  // there is nobody left to tell
  }
}

void write(Level level, std::string_view event, json::object const& fields) {
  if (level < least_level) return;
  write_all(line(std::chrono::system_clock::now(), level, event, fields) + '\n');
}

}  // namespace

std::optional<Level> level_named(std::string_view wanted) {
  for (auto const level : {Level::Debug, Level::Info, Level::Warning, Level::Error})
    if (name(level) == wanted) return level;
  return std::nullopt;
}

void set_level(Level least) { least_level = least; }

void debug(std::string_view event, json::object const& fields) {
  write(Level::Debug, event, fields);
}
void info(std::string_view event, json::object const& fields) { write(Level::Info, event, fields); }
void warning(std::string_view event, json::object const& fields) {
  write(Level::Warning, event, fields);
}
void error(std::string_view event, json::object const& fields) {
  write(Level::Error, event, fields);
}

std::string line(std::chrono::system_clock::time_point time, Level level, std::string_view event,
                 json::object const& fields) {
  json::object entry{{"time", timestamp(time)}, {"level", name(level)}, {"event", event}};
  for (auto const& [key, value] : fields) {
    auto unused = utf8::repaired(key);
    while (entry.contains(unused)) unused += '_';
    entry.emplace(unused, finite(value));
  }
  // Outside its strings JSON is ASCII, so all values can be repaired at once.
  return utf8::repaired(json::serialize(entry));
}

}  // namespace logging
