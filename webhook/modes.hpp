#pragma once
#include "common/result.hpp"
#include "webhook/policy.hpp"

namespace webhook {

/// What is done about each policy, and in which namespaces. As YAML:
///
///     modes: {risks: off}
///     namespaces:
///       - names: [sandbox, dev-*]
///         modes: {data-protection: warn}
///
/// Of the entries whose names fit, the first that names a policy decides; else what `modes` says;
/// else what is usual for the policy. A review says nothing of its namespace but the name, so that
/// labels would have to be asked for.
class Modes {
 public:
  /// What is usual.
  Modes() = default;

  /// Invalid where a policy, a mode or a key is not known.
  static Result<Modes> parse(std::string_view yaml);

  Mode of(Policy const& policy, std::string_view namespace_name) const;

 private:
  using ByPolicy = std::map<std::string, Mode, std::less<>>;
  struct Exception {
    std::vector<std::string> names;
    ByPolicy modes;
  };

  ByPolicy everywhere_;
  std::vector<Exception> exceptions_;
};

/// Whether a name is as a pattern says, in which * stands for any letters.
bool fits(std::string_view name, std::string_view pattern);

}  // namespace webhook
