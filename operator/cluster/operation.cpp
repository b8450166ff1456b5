#include "operator/cluster/operation.hpp"

#include "common/kube/timestamp.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

namespace cluster {
namespace {

constexpr std::size_t most_entries = 10;

std::string name_of(auto value) { return boost::describe::enum_to_string(value, ""); }

/// " in 12 s"; empty where a time can't be read.
std::string time_between(std::string_view begin, std::string_view end) {
  auto const began = kube::parse_timestamp(begin);
  auto const ended = kube::parse_timestamp(end);
  if (!began || !ended) return "";
  auto const seconds = std::chrono::round<std::chrono::seconds>(*ended - *began);
  return " in " + std::to_string(seconds.count()) + " s";
}

}  // namespace

State state_of(crd::ValkeyClusterStatus const& status) {
  if (!status.operation) return status.phase ? State::Running : State::Creating;
  State state = State::Healing;
  boost::describe::enum_from_string(status.operation->kind.c_str(), state);
  return state;
}

std::optional<crd::OperationStatus> operation(Plan const& plan,
                                              crd::ValkeyClusterStatus const& before,
                                              std::string_view now) {
  if (plan.next == State::Running) return std::nullopt;
  auto const kind = name_of(plan.next);
  bool const goes_on = before.operation && before.operation->kind == kind;
  crd::OperationStatus told;
  told.kind = kind;
  told.started_at = goes_on ? before.operation->started_at : std::string{now};
  told.step = plan.events.empty() ? "" : name_of(plan.events.front());
  return told;
}

std::vector<crd::HistoryEntry> history(crd::ValkeyClusterStatus const& before,
                                       std::optional<crd::OperationStatus> const& going_on,
                                       std::string_view now) {
  auto entries = before.history;
  auto const& was = before.operation;
  bool const has_ended = was && !(going_on && going_on->kind == was->kind);
  if (!has_ended) return entries;
  entries.push_back({.time = std::string{now},
                     .what = (was->kind == name_of(State::Creating) ? "created" : "healed") +
                             time_between(was->started_at, now)});
  if (entries.size() > most_entries) entries.erase(entries.begin());
  return entries;
}

}  // namespace cluster
