#include "operator/cluster/lifecycle.hpp"

#include "operator/cluster/actions.hpp"
#include "operator/cluster/ghosts.hpp"

#include <algorithm>
#include <array>

namespace cluster {
namespace {

using namespace guards;
using namespace actions;

constexpr auto rows = std::to_array<Row>({
    {State::Creating, Event::OwnerLeaving, a_successor_is_in_sync, hand_over, State::Creating},
    {State::Creating, Event::OwnerLeaving, always, await_successor, State::Creating},
    {State::Creating, Event::OwnersMissing, owners_are_gone, assign_slots, State::Creating},
    {State::Creating, Event::OwnersMissing, only_we_can_fill_vacancies, take_over, State::Creating},
    {State::Creating, Event::OwnersMissing, always, await_owners, State::Creating},
    {State::Creating, Event::MembersUnmet, always, meet, State::Creating},
    {State::Creating, Event::ReplicasAstray, always, follow, State::Creating},
    {State::Creating, Event::GhostsKnown, view_is_complete, forget_ghosts, State::Creating},
    {State::Creating, Event::GhostsKnown, always, await_agreement, State::Creating},
    {State::Creating, Event::Unsettled, always, await_agreement, State::Creating},
    {State::Creating, Event::SettingsBehind, servers_agree, configure, State::Creating},
    {State::Creating, Event::SettingsBehind, always, await_agreement, State::Creating},
    {State::Creating, Event::Settled, always, nothing, State::Running},

    {State::Running, Event::OwnerLeaving, a_successor_is_in_sync, hand_over, State::Healing},
    {State::Running, Event::OwnerLeaving, always, await_successor, State::Healing},
    {State::Running, Event::OwnersMissing, owners_are_gone, assign_slots, State::Healing},
    {State::Running, Event::OwnersMissing, only_we_can_fill_vacancies, take_over, State::Healing},
    {State::Running, Event::OwnersMissing, always, await_owners, State::Healing},
    {State::Running, Event::MembersUnmet, always, meet, State::Healing},
    {State::Running, Event::ReplicasAstray, always, follow, State::Healing},
    {State::Running, Event::GhostsKnown, view_is_complete, forget_ghosts, State::Healing},
    {State::Running, Event::GhostsKnown, always, await_agreement, State::Healing},
    {State::Running, Event::Unsettled, always, await_agreement, State::Healing},
    {State::Running, Event::SettingsBehind, always, configure, State::Running},
    {State::Running, Event::Settled, always, nothing, State::Running},

    {State::Healing, Event::OwnerLeaving, a_successor_is_in_sync, hand_over, State::Healing},
    {State::Healing, Event::OwnerLeaving, always, await_successor, State::Healing},
    {State::Healing, Event::OwnersMissing, owners_are_gone, assign_slots, State::Healing},
    {State::Healing, Event::OwnersMissing, only_we_can_fill_vacancies, take_over, State::Healing},
    {State::Healing, Event::OwnersMissing, always, await_owners, State::Healing},
    {State::Healing, Event::MembersUnmet, always, meet, State::Healing},
    {State::Healing, Event::ReplicasAstray, always, follow, State::Healing},
    {State::Healing, Event::GhostsKnown, view_is_complete, forget_ghosts, State::Healing},
    {State::Healing, Event::GhostsKnown, always, await_agreement, State::Healing},
    {State::Healing, Event::Unsettled, always, await_agreement, State::Healing},
    {State::Healing, Event::SettingsBehind, always, configure, State::Healing},
    {State::Healing, Event::Settled, always, nothing, State::Running},
});

bool has_last_keepers(Situation const& situation) {
  return std::ranges::any_of(situation.view.servers, [&](Server const& server) {
    return last_keeper(situation.view, server.place.shard) == &server;
  });
}

Row const* row_for(State state, Event event, Situation const& situation) {
  auto const* const found = std::ranges::find_if(rows, [&](Row const& row) {
    return row.state == state && row.event == event && row.guard(situation);
  });
  return found != rows.end() ? found : nullptr;
}

}  // namespace

std::span<Row const> table() { return rows; }

std::vector<Event> events(Situation const& situation) {
  std::vector<Event> held;
  auto const note = [&](bool holds, Event event) {
    if (holds) held.push_back(event);
  };
  note(!leaving_owners(situation).empty(), Event::OwnerLeaving);
  note(!orphaned_slots(situation.view).empty() || has_last_keepers(situation),
       Event::OwnersMissing);
  note(!unmet_servers(situation.view).empty(), Event::MembersUnmet);
  note(!stray_replicas(situation).empty(), Event::ReplicasAstray);
  note(!ghosts(situation.view).empty(), Event::GhostsKnown);
  note(!unsettled(situation.view).empty(), Event::Unsettled);
  note(are_settings_behind(situation), Event::SettingsBehind);
  note(held.empty(), Event::Settled);
  return held;
}

Plan plan(State state, Situation const& situation) {
  Plan made{.next = state, .events = events(situation), .stages = {}, .waits = {}};
  bool is_first = true;
  for (auto const event : made.events) {
    auto const* const row = row_for(state, event, situation);
    if (!row) continue;
    if (std::exchange(is_first, false)) made.next = row->next;
    auto [stages, wait] = row->action(situation);
    if (!wait.empty()) made.waits.push_back(std::move(wait));
    if (stages.empty()) continue;
    made.stages = std::move(stages);
    break;
  }
  return made;
}

}  // namespace cluster
