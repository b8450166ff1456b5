#pragma once
#include "common/net/endpoint.hpp"
#include "common/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// One flag of a program, and where it goes.
struct Flag {
  /// Takes what was given, or says what is wrong with it.
  using Take = std::function<Result<>(std::string const&)>;

  std::string name;                  ///< "--kubeconfig"
  std::string value;                 ///< what help calls its value: "FILE"; empty for a bool
  std::string meaning;               ///< with the default
  std::variant<bool*, Take> target;  ///< which has to outlive the parsing
};

/// Any text but an empty one: `--kubeconfig=` is a script whose variable was not set.
Flag::Take text_into(std::string& target);

/// An address to listen at, or 0 for none.
Flag::Take address_into(std::optional<net::Endpoint>& target);
