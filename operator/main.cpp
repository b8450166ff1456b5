#include "common/program.hpp"
#include "operator/run.hpp"

int main(int argc, char** argv) {
  auto const environment = current_environment();
  auto settings = defaults(environment);
  Program const program{
      .name = "valkey-operator",
      .purpose = "Keeps Valkey clusters as their ValkeyCluster and ValkeyUpgrade objects say.",
      .flags = flags_of(settings),
      .work = [&] { return run(settings, environment); },
  };
  return program.run({argv, static_cast<std::size_t>(argc)});
}
