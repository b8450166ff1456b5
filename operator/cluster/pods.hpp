#pragma once
#include "common/kube/object.hpp"

#include <boost/describe/class.hpp>

/// Pods as far as we read them (core/v1), and what is wrong with one.
namespace cluster {

struct PodCondition {
  std::string type;
  std::string status;
  std::string reason;
  std::string message;
  bool operator==(PodCondition const&) const = default;
};
BOOST_DESCRIBE_STRUCT(PodCondition, (), (type, status, reason, message))

struct Waiting {
  std::string reason;
  std::string message;
  bool operator==(Waiting const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Waiting, (), (reason, message))

struct Terminated {
  std::int32_t exit_code = 0;
  std::string reason;
  std::string message;
  bool operator==(Terminated const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Terminated, (), (exit_code, reason, message))

struct ContainerState {
  std::optional<Waiting> waiting;
  std::optional<Terminated> terminated;
  bool operator==(ContainerState const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ContainerState, (), (waiting, terminated))

struct ContainerStatus {
  std::string name;
  bool ready = false;
  std::int32_t restart_count = 0;
  ContainerState state;
  ContainerState last_state;
  bool operator==(ContainerStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(ContainerStatus, (), (name, ready, restart_count, state, last_state))

struct PodStatus {
  std::string phase;
  std::string pod_IP;  ///< as its key has it
  std::vector<PodCondition> conditions;
  std::vector<ContainerStatus> container_statuses;
  bool operator==(PodStatus const&) const = default;
};
BOOST_DESCRIBE_STRUCT(PodStatus, (), (phase, pod_IP, conditions, container_statuses))

struct Pod {
  kube::Metadata metadata;
  PodStatus status;
  bool operator==(Pod const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Pod, (), (metadata, status))

bool is_ready(Pod const& pod);

/// Whether the scheduler finds no node for it: nothing of it runs anywhere.
bool is_unscheduled(Pod const& pod);

/// Whether waiting alone may not help a pod to its feet: it finds no node, or a container can't
/// start.
bool is_stuck(Pod const& pod);

/// Why a pod does not run or is not ready, in Kubernetes' own words, for people: "can't be
/// scheduled: 0/3 nodes are available: 3 Insufficient memory". Empty where nothing is wrong.
std::string trouble(Pod const& pod);

}  // namespace cluster
