#pragma once
#include "test/support/faults/call.hpp"
#include "test/support/faults/upstream.hpp"

/// Only for .cpp files: it costs seconds.
namespace faults {

/// The request for a list, or for a watch, as one for the list at exactly that version.
Request list_at(Request request, Call const& call, std::string const& resource_version);

/// The request for a watch as one that begins at that version, without initial events.
Request watch_from(Request request, Call const& call, std::string const& resource_version);

/// A list as the beginning of a watch with sendInitialEvents: an event an object, and a bookmark.
/// A list that failed is none at all.
std::string initial_events_of(Response const& list);

}  // namespace faults
