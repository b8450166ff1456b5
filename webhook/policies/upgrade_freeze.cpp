#include "webhook/policies/policies.hpp"

namespace webhook::policies {
namespace {

constexpr std::string_view upgrading = "Upgrading";

/// What may change while pods are being replaced one by one: nothing of it touches a pod.
void melt(crd::ValkeyClusterSpec& spec) {
  spec.services = {};
  spec.disruption = {};
  spec.plan_policy = {};
  spec.paused = {};
  spec.persistence.retain = {};
  spec.image.allow_downgrade = {};
}

template <class T>
void compare(std::string_view field, T const& before, T const& after, Findings& found) {
  if (before == after) return;
  found.push_back({.reason = Reason::Forbidden,
                   .field = "spec." + std::string{field},
                   .message = "must not change while an upgrade runs: wait until it has ended, or "
                              "delete its ValkeyUpgrade"});
}

Findings changes(crd::ValkeyCluster const& from, crd::ValkeyCluster const& to) {
  auto const& operation = from.status.operation;
  if (!operation || operation->kind != upgrading) return {};
  auto before = from.spec;
  auto after = to.spec;
  melt(before);
  melt(after);
  Findings found;
  boost::mp11::mp_for_each<
      boost::describe::describe_members<crd::ValkeyClusterSpec, boost::describe::mod_public>>(
      [&](auto member) {
        compare(mapping::camel_case(member.name), before.*member.pointer, after.*member.pointer,
                found);
      });
  return found;
}

}  // namespace

/// An upgrade replaces pods one by one, and relies on what they are made from.
constinit Policy const upgrade_freeze{.name = "upgrade-freeze", .of_cluster_change = changes};

}  // namespace webhook::policies
