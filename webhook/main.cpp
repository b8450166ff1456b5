#include "common/program.hpp"
#include "webhook/run.hpp"

int main(int argc, char** argv) {
  webhook::Settings settings;
  Program const program{
      .name = "valkey-webhook",
      .purpose =
          "Defaults and validates ValkeyCluster and ValkeyUpgrade objects before they are stored.",
      .flags = flags_of(settings),
      .work = [&] { return run(settings); },
  };
  return program.run({argv, static_cast<std::size_t>(argc)});
}
