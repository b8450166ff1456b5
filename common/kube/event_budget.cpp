#include "common/kube/event_budget.hpp"

#include <algorithm>

namespace kube {

bool EventBudget::spend(ObjectReference const& object, EventType type, Instant now) {
  std::pair key{object, type};
  auto* purse = purses_.find(key);
  if (!purse) purse = &purses_.add(std::move(key), {.left = burst, .filled = now});
  using Refills = std::chrono::duration<double, decltype(refill)::period>;
  Refills const passed = now - purse->filled;
  purse->left = std::min(burst, purse->left + passed / Refills{refill});
  purse->filled = now;
  if (purse->left < 1) return false;
  purse->left -= 1;
  return true;
}

}  // namespace kube
