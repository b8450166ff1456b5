#include "operator/cluster/steps.hpp"

#include "test/support/present.hpp"
#include "test/support/settled.hpp"

#include <catch2/catch_test_macros.hpp>

SCENARIO("each step says what it does") {
  using namespace cluster;
  Settled const seen;
  auto const complete = present(CompleteView::of(seen.view));
  Target const one{.pod_name = "cache-0-0", .ip = "10.0.0.1", .id = {}};
  Target const two{.pod_name = "cache-0-1", .ip = "10.0.0.2", .id = {}};
  valkey::NodeId const ghost;
  std::string const id{ghost.text()};
  struct Said {
    Step step;
    std::string kind;
    std::string text;
  };
  std::vector<Said> const all{
      {AssignSlots{complete, one, valkey::SlotSet::all(), 1}, "AssignSlots",
       "cache-0-0 owns 0-16383"},
      {AssignSlots{complete, one, {}, 1}, "AssignSlots", "cache-0-0 is vouched for"},
      {Meet{one, two}, "Meet", "cache-0-0 meets cache-0-1"},
      {Follow{one, ghost}, "Follow", "cache-0-0 follows " + id},
      {Forget{complete, {one}, ghost}, "Forget", "all forget " + id},
      {HandOver{.replica = two, .primary = one}, "HandOver", "cache-0-1 takes over from cache-0-0"},
      {TakeOver{complete, two, ghost}, "TakeOver",
       "cache-0-1 takes over from " + id + ", which is gone"},
      {Configure{one, "run", {}}, "Configure", "cache-0-0 is configured"},
      {LoadUsers{one}, "LoadUsers", "cache-0-0 loads users"},
      {ReloadCertificate{one}, "ReloadCertificate", "cache-0-0 reads its certificate again"}};
  for (auto const& [step, kind, text] : all) {
    CHECK(kind_of(step) == kind);
    CHECK(text_of(step) == text);
  }
}
