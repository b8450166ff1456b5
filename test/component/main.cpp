#include "test/support/control_plane.hpp"

#include <catch2/catch_session.hpp>
#include <iostream>

int main(int count, char** arguments) {
  Catch::Session session;
  if (auto const wrong = session.applyCommandLine(count, arguments); wrong != 0) return wrong;
  auto const& asked = session.configData();
  bool const runs = !asked.showHelp && !asked.listTests && !asked.listTags && !asked.listReporters;
  if (runs && !ControlPlane::is_here()) {
    std::cerr
        << "component-tests: no control plane: run scripts/test component, or bring one up with\n"
           "scripts/local-cluster up --control-plane-only, and run this within\n"
           "scripts/local-cluster exec\n";
    return 1;
  }
  return session.run();
}
