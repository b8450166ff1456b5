#pragma once
#include "operator/cluster/situation.hpp"
#include "operator/cluster/steps.hpp"

#include <boost/describe/enum.hpp>
#include <span>

/// A cluster's life: what state it is in, what can be seen of it, and what follows. One table,
/// which is what runs.
namespace cluster {

enum class State { Creating, Running, Healing };
BOOST_DESCRIBE_ENUM(State, Creating, Running, Healing)

/// What can be so at the same time; the most urgent first.
enum class Event {
  OwnerLeaving,    ///< the pod of a shard's owner is being deleted
  OwnersMissing,   ///< slots are nobody's
  MembersUnmet,    ///< the hub does not know of a member, or not where it is
  ReplicasAstray,  ///< a member owns nothing and follows nobody, or somebody else
  GhostsKnown,     ///< a node is known that is no member
  Unsettled,       ///< the servers are not of one mind, or a replica is not in sync
  SettingsBehind,  ///< a server lacks settings, users or its certificate
  Settled,         ///< none of it
};
BOOST_DESCRIBE_ENUM(Event, OwnerLeaving, OwnersMissing, MembersUnmet, ReplicasAstray, GhostsKnown,
                    Unsettled, SettingsBehind, Settled)

/// What is to be done now, in stages, or what is waited for.
struct Course {
  std::vector<Stage> stages;
  std::string wait;  ///< why nothing is done; empty where something is, or nothing has to be
};

struct Row {
  State state;
  Event event;
  bool (*guard)(Situation const&);
  Course (*action)(Situation const&);
  State next;
};

/// Of those for a state and an event the first whose guard holds is taken; the last holds always.
std::span<Row const> table();

/// The events that hold, the most urgent first.
std::vector<Event> events(Situation const& situation);

struct Plan {
  State next = State::Creating;
  std::vector<Event> events;
  std::vector<Stage> stages;       ///< of the most urgent event of which something can be done
  std::vector<std::string> waits;  ///< what the more urgent ones wait for
};

/// A pure function of what is seen.
Plan plan(State state, Situation const& situation);

}  // namespace cluster
