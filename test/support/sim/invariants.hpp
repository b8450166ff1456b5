#pragma once
#include "operator/cluster/steps.hpp"
#include "test/support/sim/world.hpp"

/// The architecture's invariants, as far as one step can break them. Whole schedules show the
/// others: the operator may die after any step (I7), what settles stays (I8), and what is healthy
/// is left alone (I9).
namespace sim::invariants {

/// What a step that was planned by a view may not do to a world, in words: "I5: …".
std::set<std::string> forbid(World const& world, cluster::View const& seen,
                             cluster::Step const& step);

/// I2: a slot that was served never becomes unserved by our choice.
std::set<std::string> keep_served(valkey::SlotSet const& before, valkey::SlotSet const& after,
                                  cluster::Step const& step);

}  // namespace sim::invariants
