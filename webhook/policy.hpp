#pragma once
#include "webhook/review.hpp"

#include <span>

namespace webhook {

/// What is wrong at a field, in the words of Kubernetes' field.ErrorList.
enum class Reason { Invalid, Forbidden, Required };

struct Finding {
  Reason reason = Reason::Invalid;
  std::string field;    ///< "spec.config[maxmemory]"
  std::string message;  ///< what is wrong, and what to do
  bool operator==(Finding const&) const = default;
};
using Findings = std::vector<Finding>;

Findings findings(schema::Violations violations, Reason reason = Reason::Invalid);

/// What is done about what a policy finds.
enum class Mode { Deny, Warn, Audit, Off };
BOOST_DESCRIBE_ENUM(Mode, Deny, Warn, Audit, Off)

/// One thing that is looked at, on all occasions on which it can be wrong. What is wrong with an
/// object as it is does not count when it was so before.
struct Policy {
  std::string_view name;
  Mode usual = Mode::Deny;
  Findings (*of_cluster)(crd::ValkeyCluster const& cluster) = nullptr;
  Findings (*of_cluster_change)(crd::ValkeyCluster const& before,
                                crd::ValkeyCluster const& after) = nullptr;
  Findings (*of_cluster_deletion)(crd::ValkeyCluster const& cluster) = nullptr;
  Findings (*of_upgrade)(crd::ValkeyUpgrade const& upgrade) = nullptr;
  Findings (*of_upgrade_change)(crd::ValkeyUpgrade const& before,
                                crd::ValkeyUpgrade const& after) = nullptr;
  Findings (*of_scale_change)(std::int64_t before, std::int64_t after) = nullptr;  ///< shards
};

/// Every policy there is.
std::span<Policy const> all_policies();

}  // namespace webhook

/// In lower case: deny, warn, audit, off.
template <>
struct mapping::Keys<webhook::Mode> : mapping::LowerCase {};
