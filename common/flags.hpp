#pragma once
#include "common/net/endpoint.hpp"
#include "common/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// One flag of a program, and where it goes.
struct Flag {
  /// Takes what was given, or says what is wrong with it.
  using Take = std::function<Result<>(std::string const&)>;

  std::string name;     ///< "--kubeconfig"
  std::string value;    ///< what help calls its value: "FILE"; empty: it may be left out, for true
  std::string meaning;  ///< with the default
  Take target;          ///< what it writes to has to outlive the parsing
};

/// true or false.
Flag::Take switch_into(bool& target);

/// Any text but an empty one.
Flag::Take text_into(std::string& target);

/// An address to listen at, or 0 for none.
Flag::Take address_into(std::optional<net::Endpoint>& target);
