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

/// The objects of this kind that control an object: of two, if it was given from one to another.
/// Their API version does not count: it may be converted.
/// Either may be null.
std::vector<kube::ObjectRef> owners(kube::Metadata const* before, kube::Metadata const* after,
                                    kube::Resource const& kind);

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

/// The objects of this kind that own the one that changed.
template <class T>
std::vector<Trigger> triggers(kube::Change<T> const& change, kube::Resource const& owner) {
  std::vector<Trigger> found;
  for (auto& key : owners(metadata_of(change.before), metadata_of(change.after), owner))
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

/// Adds whoever owns an object of the store that changes. The controller has to outlive the store.
template <class T>
void reconcile_owners(kube::Store<T>& store, kube::Resource const& owner, Controller& controller) {
  store.on_change([&controller, owner](kube::Change<T> const& change) {
    for (auto const& [key, priority] : triggers(change, owner)) controller.add(key, priority);
  });
}

}  // namespace controller
