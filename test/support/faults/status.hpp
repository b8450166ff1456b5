#pragma once
#include <string>
#include <string_view>

namespace faults {

/// The metav1.Status, as JSON, that an API server answers with this code.
std::string status_body(unsigned code, std::string_view message = "made to fail");

/// The same as an event of a watch.
std::string error_event(unsigned code);

/// What an API server that does not know sendInitialEvents answers to it, with 422.
std::string initial_events_refused();

}  // namespace faults
