#pragma once
#include <map>
#include <string>
#include <vector>

/// While it lives, the system's resolver knows these names by heart, with their addresses; a name
/// without any is one that nobody has. Others it looks up as ever. There is one at a time.
class Names {
 public:
  using Addresses = std::vector<std::string>;

  explicit Names(std::map<std::string, Addresses> known);
  Names(Names const&) = delete;
  Names& operator=(Names const&) = delete;
  ~Names();

  /// A look-up of these names does not end before the next resume().
  static void hold();
  static void resume();

  /// How many look-ups of these names were begun.
  static int looked_up();
};
