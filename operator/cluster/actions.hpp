#pragma once
#include "operator/cluster/lifecycle.hpp"

/// What the table's rows ask and do.
namespace cluster::guards {

bool always(Situation const& situation);

/// Nobody who could have the slots is silent, and no replica stands for election for them.
bool owners_are_gone(Situation const& situation);
bool a_successor_is_in_sync(Situation const& situation);
/// Primaries are gone for good, and the servers can't elect others.
bool only_we_can_fill_vacancies(Situation const& situation);
bool view_is_complete(Situation const& situation);
bool servers_agree(Situation const& situation);

}  // namespace cluster::guards

namespace cluster::actions {

Course nothing(Situation const& situation);
Course hand_over(Situation const& situation);
Course await_successor(Situation const& situation);
Course assign_slots(Situation const& situation);
Course take_over(Situation const& situation);
Course await_owners(Situation const& situation);
Course meet(Situation const& situation);
Course follow(Situation const& situation);
Course forget_ghosts(Situation const& situation);
Course await_agreement(Situation const& situation);
Course configure(Situation const& situation);

}  // namespace cluster::actions
