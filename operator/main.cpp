#include "common/async/signals.hpp"
#include "common/program.hpp"

int main(int argc, char** argv) {
  Program const program{
      .name = "valkey-operator",
      .purpose = "Keeps Valkey clusters as their ValkeyCluster and ValkeyUpgrade objects say.",
      .work = until_signalled,
  };
  return program.run({argv, static_cast<std::size_t>(argc)});
}
