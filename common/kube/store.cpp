#include "common/kube/store.hpp"

#include "common/kube/resource_version.hpp"

#include <utility>

namespace kube {
void AnyStore::replace_started() { next_.emplace(); }

void AnyStore::replace_abandoned() { next_.reset(); }

void AnyStore::seen(json::value const& object, Origin origin) {
  auto const identity = identity_of(object);
  if (identity.key.name.empty()) return;
  auto const known = shown_.find(identity.key);
  bool const unchanged = known && identity.is_state_of(known.identity());
  if (next_) next_->add(unchanged ? known : kept(object));
  if (next_ || unchanged) return;
  if (origin == Origin::Watch && is_past(identity, known)) return;
  auto const now = kept(object);
  shown_.add(now);
  shown_.settle();
  tell({.before = known, .after = now, .origin = origin});
}

void AnyStore::removed(json::value const& object) {
  auto const identity = identity_of(object);
  auto& table = next_ ? *next_ : shown_;
  table.settle();
  auto const known = table.find(identity.key);
  if (!known || identity.is_older_than(known.identity())) return;
  table.remove(known);
  if (!next_) report({.before = known, .after = {}, .origin = Origin::Watch});
}

void AnyStore::replace_finished(std::string_view resource_version) {
  if (!next_) return;
  next_->settle();
  auto const replaced = std::exchange(shown_, *std::move(next_));
  next_.reset();
  synced_ = true;
  resource_version_ = resource_version;
  report_differences(replaced);
  tell_of_advance();
}

void AnyStore::advanced(std::string_view resource_version) {
  if (next_) return;
  auto const order = compare_versions(resource_version, resource_version_);
  if (resource_version.empty() || (order && *order <= 0)) return;
  resource_version_ = resource_version;
  tell_of_advance();
}

void AnyStore::tell_of_advance() const {
  for (auto const& listener : advance_listeners_) listener();
}

bool AnyStore::has_seen(std::string_view resource_version) const {
  auto const order = compare_versions(resource_version_, resource_version);
  return order ? *order >= 0 : resource_version_ == resource_version;
}

/// Whatever happened up to our version was told of, that an object is gone too: a server that tells
/// it again must not bring the object back.
bool AnyStore::is_past(Identity const& event, PackedObject const& known) const {
  auto const order = compare_versions(event.resource_version, resource_version_);
  return (order && *order <= 0) || (known && event.is_older_than(known.identity()));
}

PackedObject AnyStore::kept(json::value const& object) const {
  return {identity_of(object), owners_of(object), packed(object)};
}

void AnyStore::tell(AnyChange const& change) const {
  auto const& [before, after, origin] = change;
  if (before && after && before.identity().uid != after.identity().uid) {
    report({.before = before, .after = {}, .origin = origin});
    report({.before = {}, .after = after, .origin = origin});
  } else {
    report(change);
  }
}

/// Both tables are in the order of their names.
void AnyStore::report_differences(ObjectTable const& replaced) const {
  auto const before = replaced.all();
  auto const after = shown_.all();
  std::size_t old_at = 0;
  std::size_t new_at = 0;
  while (old_at < before.size() || new_at < after.size()) {
    auto order = std::strong_ordering::equal;
    if (old_at == before.size() || new_at == after.size())
      order = old_at == before.size() ? std::strong_ordering::greater : std::strong_ordering::less;
    else if (before[old_at] != after[new_at])
      order = before[old_at].key() <=> after[new_at].key();
    auto const gone_or_changed = order <= 0 ? before[old_at++] : PackedObject{};
    auto const new_or_changed = order >= 0 ? after[new_at++] : PackedObject{};
    if (gone_or_changed != new_or_changed)
      tell({.before = gone_or_changed, .after = new_or_changed, .origin = Origin::List});
  }
}

}  // namespace kube
