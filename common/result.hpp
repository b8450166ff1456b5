#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <utility>

/// What a failure asks of whoever sees it.
enum class Fault {
  Transient,  ///< the world hiccuped: back off, then try again
  Conflict,   ///< someone wrote first: read afresh, then try again at once
  NotFound,   ///< gone: often an answer rather than a failure
  Invalid,    ///< the user must change the object: report it and wait
  Permanent,  ///< retrying will not help soon: report it, retry rarely
  Cancelled,  ///< we were asked to stop: unwind quietly
};

struct Error {
  Fault fault;
  std::string message;

  /// Prefixes what was being attempted: "applying Service demo/cache: 403 forbidden".
  Error during(std::string_view activity) && {
    return {fault, std::string{activity} + ": " + std::move(message)};
  }
  bool operator==(Error const&) const = default;
};

/// A value or an Error. Unlike std::expected, forgetting to look at one is a compile error.
template <class T = void>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

inline Result<> const ok;

using Failure = std::unexpected<Error>;

inline Failure transient(std::string message) {
  return Failure{Error{Fault::Transient, std::move(message)}};
}
inline Failure conflict(std::string message) {
  return Failure{Error{Fault::Conflict, std::move(message)}};
}
inline Failure not_found(std::string message) {
  return Failure{Error{Fault::NotFound, std::move(message)}};
}
inline Failure invalid(std::string message) {
  return Failure{Error{Fault::Invalid, std::move(message)}};
}
inline Failure permanent(std::string message) {
  return Failure{Error{Fault::Permanent, std::move(message)}};
}
inline Failure cancelled() { return Failure{Error{Fault::Cancelled, "cancelled"}}; }

// TRY(auto name, expression) unwraps a Result or returns its error; TRY(expression) only checks it.
// CO_TRY does the same inside a coroutine.
#define TRY(first, ...) TRY_##__VA_OPT__(LET_)(return, first __VA_OPT__(, ) __VA_ARGS__)
#define CO_TRY(first, ...) TRY_##__VA_OPT__(LET_)(co_return, first __VA_OPT__(, ) __VA_ARGS__)

#define TRY_(leave, expression)                                                           \
  do {                                                                                    \
    if (auto result_ = (expression); !result_) leave Failure{std::move(result_).error()}; \
  } while (false)
#define TRY_LET_(leave, declaration, ...) \
  TRY_LET_AS_(leave, TRY_NAME_(__LINE__), declaration, __VA_ARGS__)
#define TRY_LET_AS_(leave, result, declaration, ...)     \
  auto result = (__VA_ARGS__);                           \
  if (!result) leave Failure{std::move(result).error()}; \
  declaration = *std::move(result)
#define TRY_NAME_(line) TRY_JOIN_(result_, line)
#define TRY_JOIN_(left, right) left##right
