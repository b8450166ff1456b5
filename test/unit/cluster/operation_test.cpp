#include "operator/cluster/operation.hpp"

#include "test/support/present.hpp"
#include "test/support/settled.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using cluster::Event;
using cluster::State;

constexpr auto* noon = "2026-01-02T12:00:00Z";
constexpr auto* later = "2026-01-02T12:00:07Z";

cluster::Plan going_on(State state) {
  return {.next = state, .events = {Event::OwnersMissing}, .stages = {}, .waits = {}};
}

/// What follows on a status when a pass ends in that state.
crd::ValkeyClusterStatus after(crd::ValkeyClusterStatus status, State state, auto now) {
  auto operation = cluster::operation(going_on(state), status, now);
  status.history = cluster::history(status, operation, now);
  status.operation = std::move(operation);
  return status;
}

}  // namespace

SCENARIO("an operation is told from its beginning on, and when it has ended") {
  auto const begun = after({}, State::Creating, noon);
  CHECK(present(begun.operation).started_at == noon);
  CHECK(present(begun.operation).step == "OwnersMissing");
  CHECK(present(after(begun, State::Creating, later).operation).started_at == noon);
  CHECK(begun.history.empty());
  auto const ended = after(begun, State::Running, later);
  CHECK_FALSE(ended.operation);
  CHECK(ended.history == std::vector<crd::HistoryEntry>{{.time = later, .what = "created in 7 s"}});
  CHECK(after(ended, State::Running, later).history == ended.history);
}

SCENARIO("what ended last is kept, and no more than fits") {
  auto status = after({}, State::Creating, noon);
  for (int time = 0; time < 12; ++time)
    status = after(after(std::move(status), State::Healing, noon), State::Running, later);
  CHECK(status.history.size() == 10);
  CHECK(status.history.back().what == "healed in 7 s");
  CHECK(status.history.front().what == "healed in 7 s");
}

SCENARIO("a beginning that can't be read costs the time it took, not the record") {
  auto begun = after({}, State::Creating, noon);
  auto operation = present(begun.operation);
  operation.started_at = "yesterday";
  begun.operation = operation;
  CHECK(after(begun, State::Running, later).history.back().what == "created");
}

SCENARIO("a new process goes on in the state that the status tells") {
  Settled seen;
  CHECK(cluster::state_of({}) == State::Creating);
  CHECK(cluster::state_of(seen.report()) == State::Running);
  for (auto const state : {State::Creating, State::Healing}) {
    seen.plan.next = state;
    CHECK(cluster::state_of(seen.report()) == state);
  }
  auto status = seen.report();
  status.operation = crd::OperationStatus{};
  CHECK(cluster::state_of(status) == State::Healing);
}
