#include "operator/cluster/pace.hpp"

#include "operator/cluster/report.hpp"

#include <algorithm>

namespace cluster::pace {
namespace {

using namespace std::chrono_literals;

/// What people and programs wait for.
bool is_urgent(crd::ValkeyClusterStatus const& before, crd::ValkeyClusterStatus const& after) {
  auto const truth = [](crd::ValkeyClusterStatus const& status, std::string_view type) {
    auto const* const condition = find(status.conditions, type);
    return condition ? condition->status : crd::Truth::Unknown;
  };
  return before.phase != after.phase || before.observed_generation != after.observed_generation ||
         truth(before, conditions::ready) != truth(after, conditions::ready) ||
         truth(before, conditions::degraded) != truth(after, conditions::degraded);
}

}  // namespace

Duration until_next_look(Duration still) { return std::clamp<Duration>(still / 8, 50ms, 10s); }

std::optional<Duration> until_told(crd::ValkeyClusterStatus const& before,
                                   crd::ValkeyClusterStatus const& after,
                                   std::optional<Duration> since) {
  if (before == after) return std::nullopt;
  if (is_urgent(before, after) || !since) return Duration::zero();
  Duration const rest = is_news(before, after) ? 2s : 10s;
  return std::max(rest - *since, Duration::zero());
}

}  // namespace cluster::pace
