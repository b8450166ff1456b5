#include "operator/cluster/view.hpp"

#include "operator/cluster/steps.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/core.h>
#include <type_traits>

namespace {

using namespace cluster;

/// The only way to one is CompleteView::of(), which asks whether everybody answered.
static_assert(!std::is_default_constructible_v<CompleteView>);
static_assert(!std::is_constructible_v<CompleteView, View const&>);
static_assert(!std::is_constructible_v<CompleteView, View&&>);

// What could destroy the last copy of something can't be asked for on less (I3).
using Epoch = std::optional<std::uint64_t>;
static_assert(std::is_constructible_v<AssignSlots, CompleteView, Target, valkey::SlotSet, Epoch>);
static_assert(!std::is_constructible_v<AssignSlots, View, Target, valkey::SlotSet, Epoch>);
static_assert(!std::is_constructible_v<AssignSlots, Target, valkey::SlotSet, Epoch>);
static_assert(std::is_constructible_v<Forget, CompleteView, std::vector<Target>, valkey::NodeId>);
static_assert(!std::is_constructible_v<Forget, View, std::vector<Target>, valkey::NodeId>);
static_assert(!std::is_constructible_v<Forget, std::vector<Target>, valkey::NodeId>);
static_assert(std::is_constructible_v<TakeOver, CompleteView, Target, valkey::NodeId>);
static_assert(!std::is_constructible_v<TakeOver, View, Target, valkey::NodeId>);
static_assert(!std::is_constructible_v<TakeOver, Target, valkey::NodeId>);

std::string id(int number) { return fmt::format("{:040x}", number); }

Server server(int shard, int number, std::string const& slots, int epoch) {
  Server made;
  made.place = {.shard = shard, .ordinal = number, .pod_name = fmt::format("pod-{}", number)};
  made.topology = valkey::Topology::parse(fmt::format("{} 10.0.0.{}:6379@16379 myself,master - 0 0 "
                                                      "{} connected {}\n",
                                                      id(number), number, epoch, slots))
                      .value();
  return made;
}

}  // namespace

SCENARIO("[H9] a view is complete when everybody answered, and somebody there was") {
  View view;
  CHECK_FALSE(CompleteView::of(view));
  view.servers.push_back(server(0, 1, "0-16383", 1));
  CHECK(CompleteView::of(view));
  view.silent.push_back({.place = {}, .why = "connection refused"});
  CHECK_FALSE(CompleteView::of(view));
  CHECK(view.size() == 2);
}

SCENARIO("[H12] who is proven to hold nothing leaves a view complete") {
  View view;
  view.silent.push_back({.place = {}, .why = "can't be scheduled", .holds_nothing = true});
  CHECK_FALSE(CompleteView::of(view));
  view.servers.push_back(server(0, 1, "0-16383", 1));
  CHECK(CompleteView::of(view));
  CHECK(view.unknown() == nullptr);
  view.silent.push_back({.place = {}, .why = "connection refused"});
  CHECK_FALSE(CompleteView::of(view));
  CHECK(view.unknown() == &view.silent[1]);
}

SCENARIO("a shard's owner is who says so, by the newer claim") {
  View view;
  view.servers = {server(0, 1, "0-99", 1), server(0, 2, "50-99", 3), server(0, 3, "", 9),
                  server(1, 4, "100-16383", 5)};
  REQUIRE(view.owner_of(0));
  CHECK(view.owner_of(0)->place.ordinal == 2);
  CHECK(view.owner_of(1)->place.ordinal == 4);
  CHECK(view.owner_of(2) == nullptr);
  CHECK(view.claimed() == valkey::SlotSet::all());
  CHECK(view.find(view.servers[3].id()) == &view.servers[3]);
  CHECK(view.find(valkey::NodeId{}) == nullptr);
}

SCENARIO(
    "a server with nothing to lose knows nobody, owns nothing, holds nothing, and loads nothing") {
  auto blank = server(0, 1, "", 0);
  CHECK(blank.is_blank());
  CHECK_FALSE(server(0, 1, "5", 0).is_blank());
  blank.keys = 1;
  CHECK_FALSE(blank.is_blank());
  blank.keys = 0;
  blank.is_loading = true;
  CHECK_FALSE(blank.is_blank());
}
