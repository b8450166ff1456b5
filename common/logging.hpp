#pragma once
#include "common/json/json.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// One JSON line per event on stderr: logging::info("slots moved", {{"count", 1365}}).
/// An event is a past-tense constant; what varies goes into the fields.
namespace logging {

enum class Level { Debug, Info, Warning, Error };

/// Of "debug", "info", "warning" or "error".
std::optional<Level> level_named(std::string_view wanted);

/// The least level that is written; Info at first. Any thread may change it at any time.
void set_level(Level least);

void debug(std::string_view event, json::object const& fields = {});
void info(std::string_view event, json::object const& fields = {});
void warning(std::string_view event, json::object const& fields = {});
void error(std::string_view event, json::object const& fields = {});

/// The line itself, without its end. A field named time, level or event is written with a trailing
/// _, and a number that JSON cannot write as null.
std::string line(std::chrono::system_clock::time_point time, Level level, std::string_view event,
                 json::object const& fields);

}  // namespace logging
