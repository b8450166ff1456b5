#pragma once
#include "common/crd/status_parts.hpp"

namespace schema {

template <>
struct Facts<crd::Condition> {
  static constexpr auto members = std::to_array<Member>({
      {.name = "type", .about = "What is judged, in CamelCase.", .is_required = true},
      {.name = "status", .about = "Whether it is so.", .is_required = true},
      {.name = "reason", .about = "Why, as a word for programs.", .is_required = true},
      {.name = "message", .about = "Why, for people.", .is_required = true},
      {.name = "last_transition_time",
       .about = "When status changed last (RFC 3339).",
       .is_required = true},
      {.name = "observed_generation", .about = "The metadata.generation that this is about."},
  });
};

}  // namespace schema
