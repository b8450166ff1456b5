#pragma once
#include "common/result.hpp"

#include <string>
#include <string_view>

namespace valkey {

/// What a server says instead of an answer: "NOPERM User op has no permissions to run ...".
struct ErrorReply {
  std::string text;

  /// Its first word, which says what kind of error it is; empty where there is none.
  std::string_view code() const;
  bool operator==(ErrorReply const&) const = default;
};

/// By its code, and of "ERR" by how the text begins. What is only for now is Transient; what comes
/// of a view that is out of date (MOVED, READONLY) is a Conflict; all else, the unknown included,
/// is Permanent, for only who asked can know better. The arguments of the command, which servers
/// repeat when they do not know it, are not told.
Error from(ErrorReply const& refusal);

}  // namespace valkey
