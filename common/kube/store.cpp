#include "common/kube/store.hpp"

#include "common/kube/resource_version.hpp"

#include <utility>

namespace kube {
namespace {

json::value const* member(json::value const* value, std::string_view key) {
  auto const* const object = value ? value->if_object() : nullptr;
  return object ? object->if_contains(key) : nullptr;
}

std::string_view text(json::value const* value) {
  auto const* const string = value ? value->if_string() : nullptr;
  return string ? std::string_view{*string} : std::string_view{};
}

/// What makes one state of an object that state; read without decoding the object.
struct Identity {
  explicit Identity(json::value const& object)
      : metadata{member(&object, "metadata")},
        namespace_name{text(member(metadata, "namespace"))},
        name{text(member(metadata, "name"))},
        uid{text(member(metadata, "uid"))},
        resource_version{text(member(metadata, "resourceVersion"))} {}

  bool is_state_of(Metadata const& other) const {
    return !resource_version.empty() && uid == other.uid &&
           resource_version == other.resource_version;
  }
  bool is_older_than(Metadata const& other) const {
    auto const order = compare_versions(resource_version, other.resource_version);
    return order && *order < 0;
  }

  json::value const* metadata;
  std::string_view namespace_name;
  std::string_view name;
  std::string_view uid;
  std::string_view resource_version;
};

/// As much of the metadata as there is of an object that cannot be read.
Metadata legible_metadata(Identity const& identity) {
  Metadata metadata;
  metadata.namespace_ = identity.namespace_name;
  metadata.name = identity.name;
  metadata.uid = identity.uid;
  metadata.resource_version = identity.resource_version;
  auto const* const list = member(identity.metadata, "ownerReferences");
  auto const* const owners = list ? list->if_array() : nullptr;
  if (!owners) return metadata;
  for (auto const& owner : *owners)
    metadata.owner_references.emplace_back().uid = text(member(&owner, "uid"));
  return metadata;
}

std::optional<Error> copy_of(Error const* error) {
  return error ? std::optional{*error} : std::nullopt;
}

}  // namespace

AnyStore::AnyStore(ObjectTable::MetadataOf metadata_of)
    : metadata_of_{metadata_of}, shown_{metadata_of} {}

void AnyStore::replace_started() { next_.emplace(metadata_of_); }

void AnyStore::replace_abandoned() { next_.reset(); }

void AnyStore::seen(json::value const& object, Origin origin) {
  Identity const identity{object};
  if (identity.name.empty()) return;
  auto const known = shown_.find(identity.namespace_name, identity.name);
  bool const unchanged = known && identity.is_state_of(shown_.metadata_of(known));
  if (next_) {
    if (unchanged)
      next_->add(known, copy_of(shown_.unreadable(known.get())));
    else
      add(*next_, object);
    return;
  }
  if (unchanged) return;
  if (origin == Origin::Watch && known && identity.is_older_than(shown_.metadata_of(known))) return;
  auto const before = former(shown_, known);
  add(shown_, object);
  shown_.settle();
  report(before, shown_.find(identity.namespace_name, identity.name), origin);
}

void AnyStore::removed(json::value const& object) {
  Identity const identity{object};
  auto& table = next_ ? *next_ : shown_;
  table.settle();
  auto const known = table.find(identity.namespace_name, identity.name);
  if (!known || identity.is_older_than(table.metadata_of(known))) return;
  auto const before = former(table, known);
  table.remove(known);
  if (!next_) report(before, nullptr, Origin::Watch);
}

void AnyStore::replace_finished(std::string_view resource_version) {
  if (!next_) return;
  next_->settle();
  auto const replaced = std::exchange(shown_, *std::move(next_));
  next_.reset();
  synced_ = true;
  resource_version_ = resource_version;
  report_differences(replaced);
}

void AnyStore::advanced(std::string_view resource_version) {
  if (next_) return;
  auto const order = compare_versions(resource_version, resource_version_);
  if (!resource_version.empty() && (!order || *order > 0)) resource_version_ = resource_version;
}

bool AnyStore::has_seen(std::string_view resource_version) const {
  auto const order = compare_versions(resource_version_, resource_version);
  return order ? *order >= 0 : resource_version_ == resource_version;
}

void AnyStore::add(ObjectTable& table, json::value const& object) const {
  if (auto value = decoded(object))
    table.add(*std::move(value), std::nullopt);
  else
    table.add(stand_in(legible_metadata(Identity{object})), std::move(value).error());
}

AnyStore::Former AnyStore::former(ObjectTable const& table, Stored const& object) {
  return {.object = object, .readable = !table.unreadable(object.get())};
}

void AnyStore::report(Former const& before, Stored const& after, Origin origin) const {
  auto const& object = before.object;
  if (object && after && shown_.metadata_of(object).uid != shown_.metadata_of(after).uid) {
    report(before, nullptr, origin);
    report({.object = nullptr, .readable = false}, after, origin);
    return;
  }
  auto const* const unreadable = after ? shown_.unreadable(after.get()) : nullptr;
  auto const ref = ref_of(shown_.metadata_of(after ? after : object));
  report({.ref = ref,
          .before = before.readable ? object : nullptr,
          .after = unreadable ? nullptr : after,
          .origin = origin,
          .unreadable = unreadable});
}

/// Both tables are in the order of their names.
void AnyStore::report_differences(ObjectTable const& replaced) const {
  auto const name_of = [this](Stored const& object) { return ref_of(shown_.metadata_of(object)); };
  auto const before = replaced.all();
  auto const after = shown_.all();
  std::size_t old_at = 0;
  std::size_t new_at = 0;
  while (old_at < before.size() || new_at < after.size()) {
    auto order = std::strong_ordering::equal;
    if (old_at == before.size() || new_at == after.size())
      order = old_at == before.size() ? std::strong_ordering::greater : std::strong_ordering::less;
    else if (before[old_at] != after[new_at])
      order = name_of(before[old_at]) <=> name_of(after[new_at]);
    auto const gone_or_changed = order <= 0 ? before[old_at++] : nullptr;
    auto const new_or_changed = order >= 0 ? after[new_at++] : nullptr;
    if (gone_or_changed != new_or_changed)
      report(former(replaced, gone_or_changed), new_or_changed, Origin::List);
  }
}

}  // namespace kube
