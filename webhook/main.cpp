#include "common/async/signals.hpp"
#include "common/async/task_group.hpp"
#include "common/program.hpp"

namespace {

Task<> work() {
  TaskGroup group{co_await asio::this_coro::executor};
  group.spawn(until_signalled());  // ends as Cancelled, and so ends the group
  co_return co_await group.join();
}

}  // namespace

int main(int argc, char** argv) {
  Program const program{
      .name = "valkey-webhook",
      .purpose =
          "Defaults and validates ValkeyCluster and ValkeyUpgrade objects before they are stored.",
      .work = work,
  };
  return program.run({argv, static_cast<std::size_t>(argc)});
}
