#pragma once
#include "common/result.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace valkey {

/// What a server says of itself in INFO or CLUSTER INFO: values by name, whatever their section.
class Facts {
 public:
  /// Transient when it is no such text, or far longer than any.
  static Result<Facts> parse(std::string_view text);

  std::size_t size() const { return values_.size(); }

  /// Of a name that is there twice, the first value.
  std::optional<std::string_view> find(std::string_view name) const;

  /// NotFound without such a name: other versions have others. Transient for a value that is
  /// something else.
  Result<std::string_view> text(std::string_view name) const;
  Result<std::int64_t> integer(std::string_view name) const;
  Result<double> number(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// Of Valkey, never of the Redis that it says it is compatible with.
struct ServerVersion {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;

  /// "9.1.2"; Invalid for anything else.
  static Result<ServerVersion> parse(std::string_view text);

  std::string text() const;
  auto operator<=>(ServerVersion const&) const = default;
};

/// From INFO server: valkey_version, for redis_version stays at 7.2.4. NotFound where the server is
/// no Valkey.
Result<ServerVersion> version_of(Facts const& server);

}  // namespace valkey
