#pragma once
#include "common/kube/store.hpp"
#include "operator/controller/controller.hpp"

namespace controller {

/// A key that a change makes worth another look, and how soon: what a list shows can wait for
/// what somebody does now (controller-runtime designs/priorityqueue.md).
struct Trigger {
  kube::ObjectRef key;
  Priority priority = Priority::Normal;
  bool operator==(Trigger const&) const = default;
};

/// Whether a reconcile of the object may come to another result: something else than its status
/// has changed. Its generation alone would not tell of labels, annotations and finalizers.
bool is_news(kube::Metadata const& before, kube::Metadata const& after);

/// The objects that an object's label names, in its namespace: of two, if it was given from one to
/// another. Either may be null.
std::vector<kube::ObjectRef> labelled(kube::Metadata const* before, kube::Metadata const* after,
                                      std::string_view label);

inline Priority priority_of(kube::Origin origin) {
  return origin == kube::Origin::List ? Priority::Low : Priority::Normal;
}

template <class T>
kube::Metadata const* metadata_of(std::optional<T> const& object) {
  return object ? &object->metadata : nullptr;
}

/// The object that changed, unless a reconcile would see no difference.
template <class T>
std::vector<Trigger> triggers(kube::Change<T> const& change) {
  bool const is_known = change.before && change.after;
  if (is_known && !is_news(change.before->metadata, change.after->metadata)) return {};
  return {{change.ref, priority_of(change.origin)}};
}

/// Whether another version is all that is new in it.
template <class T>
bool is_same(kube::Change<T> const& change) {
  if (!change.before || !change.after) return false;
  auto before = *change.before;
  before.metadata.resource_version = change.after->metadata.resource_version;
  return before == *change.after;
}

/// The objects that the label of the one that changed names.
template <class T>
std::vector<Trigger> triggers(kube::Change<T> const& change, std::string_view label) {
  std::vector<Trigger> found;
  if (is_same(change)) return found;
  for (auto& key : labelled(metadata_of(change.before), metadata_of(change.after), label))
    found.push_back({std::move(key), priority_of(change.origin)});
  return found;
}

/// Adds each object of the store that changes. The controller has to outlive the store.
template <class T>
void reconcile_objects(kube::Store<T>& store, Controller& controller) {
  store.on_change([&controller](kube::Change<T> const& change) {
    if (!change.after && !change.unreadable) controller.gone(change.ref);
    for (auto const& [key, priority] : triggers(change)) controller.add(key, priority);
  });
}

/// Adds the object that the label of each object of the store that changes names. The controller
/// has to outlive the store, and the label is static.
template <class T>
void reconcile_labelled(kube::Store<T>& store, std::string_view label, Controller& controller) {
  store.on_change([&controller, label](kube::Change<T> const& change) {
    for (auto const& [key, priority] : triggers(change, label)) controller.add(key, priority);
  });
}

}  // namespace controller
