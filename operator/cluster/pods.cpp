#include "operator/cluster/pods.hpp"

#include "common/utf8.hpp"

#include <algorithm>

namespace cluster {
namespace {

PodCondition const* condition(Pod const& pod, std::string_view type) {
  auto const found = std::ranges::find(pod.status.conditions, type, &PodCondition::type);
  return found != pod.status.conditions.end() ? &*found : nullptr;
}

/// Null unless the scheduler has found no node for it.
PodCondition const* refusal_to_schedule(Pod const& pod) {
  auto const* const scheduled = condition(pod, "PodScheduled");
  return scheduled && scheduled->status == "False" ? scheduled : nullptr;
}

/// Texts of others end up in a status and in events: their beginning is enough.
std::string shortened(std::string_view text) {
  constexpr std::size_t most = 256;
  auto const* const cut = text.size() > most ? "…" : "";
  return utf8::repaired(text.substr(0, most)) + cut;
}

/// "ImagePullBackOff: Back-off pulling image …"
std::string told(std::string_view reason, std::string_view message) {
  auto text = std::string{reason};
  if (!message.empty()) text += (text.empty() ? "" : ": ") + shortened(message);
  return text;
}

/// What a container that is started again and again said at its end.
std::string last_words(ContainerStatus const& container) {
  auto const& ended = container.last_state.terminated;
  if (!ended) return "";
  auto text = "; it ended with " + std::to_string(ended->exit_code);
  if (!ended->message.empty()) text += ": " + shortened(ended->message);
  return text;
}

std::string trouble_of(ContainerStatus const& container) {
  auto const& [waiting, terminated] = container.state;
  if (waiting)
    return "container " + container.name + ": " + told(waiting->reason, waiting->message) +
           last_words(container);
  if (terminated)
    return "container " + container.name + " ended with " + std::to_string(terminated->exit_code) +
           ": " + told(terminated->reason, terminated->message);
  return "";
}

}  // namespace

bool is_ready(Pod const& pod) {
  auto const* const ready = condition(pod, "Ready");
  return ready && ready->status == "True";
}

bool is_unscheduled(Pod const& pod) { return refusal_to_schedule(pod) != nullptr; }

bool is_stuck(Pod const& pod) {
  if (is_unscheduled(pod)) return true;
  return std::ranges::any_of(pod.status.container_statuses, [](ContainerStatus const& container) {
    auto const& waiting = container.state.waiting;
    bool const is_starting =
        waiting && (waiting->reason == "ContainerCreating" || waiting->reason == "PodInitializing");
    return waiting && !is_starting;
  });
}

std::string trouble(Pod const& pod) {
  if (is_ready(pod)) return "";
  if (auto const* const refusal = refusal_to_schedule(pod))
    return "can't be scheduled: " + shortened(refusal->message);
  for (auto const& container : pod.status.container_statuses)
    if (auto text = trouble_of(container); !text.empty()) return text;
  auto const* const ready = condition(pod, "Ready");
  if (ready && !ready->message.empty()) return "is not ready: " + shortened(ready->message);
  return "is " + (pod.status.phase.empty() ? "not started" : pod.status.phase);
}

}  // namespace cluster
