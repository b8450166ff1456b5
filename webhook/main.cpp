#include "common/async/signals.hpp"
#include "common/program.hpp"

int main(int argc, char** argv) {
  Program const program{
      .name = "valkey-webhook",
      .purpose =
          "Defaults and validates ValkeyCluster and ValkeyUpgrade objects before they are stored.",
      .work = until_signalled,
  };
  return program.run({argv, static_cast<std::size_t>(argc)});
}
