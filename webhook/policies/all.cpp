#include "webhook/policies/policies.hpp"

#include <array>

namespace webhook {

std::span<Policy const> all_policies() {
  static std::array const all{
      policies::schema,         policies::memory,   policies::resources,
      policies::directives,     policies::users,    policies::image_downgrade,
      policies::upgrade_freeze, policies::scale_in, policies::data_protection,
      policies::risks,
  };
  return all;
}

Findings findings(schema::Violations violations, Reason reason) {
  Findings found;
  for (auto& violation : violations)
    found.push_back({.reason = reason,
                     .field = std::move(violation.field),
                     .message = std::move(violation.message)});
  return found;
}

}  // namespace webhook
