#include "common/kube/object_table.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace kube {
namespace {

std::size_t hash_of(std::string_view uid) { return std::hash<std::string_view>{}(uid); }

}  // namespace

void ObjectTable::add(Stored object, std::optional<Error> unreadable) {
  if (unreadable) unreadable_.insert_or_assign(object.get(), *std::move(unreadable));
  objects_.push_back(std::move(object));
}

void ObjectTable::settle() {
  auto const added = objects_.size() - settled_;
  if (added == 1) settle_one();
  if (added > 1) settle_many();
  settled_ = objects_.size();
}

void ObjectTable::settle_one() {
  auto object = std::move(objects_.back());
  objects_.pop_back();
  index(object.get());
  auto const place = objects_.begin() + (lower_bound(key_of(object)) - objects_.begin());
  if (place == objects_.end() || key_of(*place) != key_of(object)) {
    objects_.insert(place, std::move(object));
    return;
  }
  auto const former = std::exchange(*place, std::move(object));
  if (former != *place) forget(former.get());
}

void ObjectTable::settle_many() {
  sort();
  std::size_t kept = 0;
  for (std::size_t at = 0; at < objects_.size(); ++at) {
    bool const last = at + 1 == objects_.size() || precedes(objects_[at], objects_[at + 1]);
    if (last)
      std::swap(objects_[kept++], objects_[at]);
    else if (objects_[at] != objects_[at + 1])
      unreadable_.erase(objects_[at].get());
  }
  objects_.resize(kept);
  objects_.shrink_to_fit();
  owned_.clear();
  for (auto const& object : objects_)
    for (auto const& owner : metadata_of(object).owner_references)
      owned_.push_back({.owner = hash_of(owner.uid), .object = object.get()});
  std::ranges::sort(owned_);
  owned_.erase(std::ranges::unique(owned_).begin(), owned_.end());
  owned_.shrink_to_fit();
}

/// By name, and those of one name by when they were added.
void ObjectTable::sort() {
  auto const by_name = [this](Stored const& left, Stored const& right) {
    return precedes(left, right);
  };
  if (std::ranges::is_sorted(objects_, by_name)) return;
  std::vector<std::pair<Stored, std::size_t>> numbered;
  numbered.reserve(objects_.size());
  for (auto& object : objects_) numbered.emplace_back(std::move(object), numbered.size());
  std::ranges::sort(numbered, [this](auto const& left, auto const& right) {
    auto const order = key_of(left.first) <=> key_of(right.first);
    return order == 0 ? left.second < right.second : order < 0;
  });
  for (std::size_t at = 0; at < objects_.size(); ++at) objects_[at] = std::move(numbered[at].first);
}

void ObjectTable::remove(Stored const& object) {
  auto const place = lower_bound(key_of(object));
  if (place == objects_.end() || *place != object) return;
  forget(object.get());
  objects_.erase(place);
  settled_ = objects_.size();
}

ObjectTable::Stored ObjectTable::find(std::string_view namespace_name,
                                      std::string_view name) const {
  Key const key{.namespace_name = namespace_name, .name = name};
  auto const place = lower_bound(key);
  return place != objects_.end() && key_of(*place) == key ? *place : nullptr;
}

std::vector<ObjectTable::Stored> ObjectTable::owned_by(std::string_view uid) const {
  std::vector<Stored> found;
  for (auto const& [owner, object] :
       std::ranges::equal_range(owned_, hash_of(uid), {}, &Owned::owner)) {
    auto const& metadata = metadata_of_(object);
    if (std::ranges::find(metadata.owner_references, uid, &OwnerReference::uid) !=
        metadata.owner_references.end())
      found.push_back(find(metadata.namespace_, metadata.name));
  }
  std::ranges::sort(found,
                    [this](auto const& left, auto const& right) { return precedes(left, right); });
  return found;
}

Error const* ObjectTable::unreadable(void const* object) const {
  auto const found = unreadable_.find(object);
  return found == unreadable_.end() ? nullptr : &found->second;
}

ObjectTable::Key ObjectTable::key_of(Stored const& object) const {
  auto const& metadata = metadata_of(object);
  return {.namespace_name = metadata.namespace_, .name = metadata.name};
}

bool ObjectTable::precedes(Stored const& left, Stored const& right) const {
  return key_of(left) < key_of(right);
}

std::vector<ObjectTable::Stored>::const_iterator ObjectTable::lower_bound(Key const& key) const {
  return std::ranges::lower_bound(objects_, key, {},
                                  [this](Stored const& object) { return key_of(object); });
}

void ObjectTable::index(void const* object) {
  for (auto const& owner : metadata_of_(object).owner_references) {
    Owned const entry{.owner = hash_of(owner.uid), .object = object};
    auto const place = std::ranges::lower_bound(owned_, entry);
    if (place == owned_.end() || *place != entry) owned_.insert(place, entry);
  }
}

void ObjectTable::forget(void const* object) {
  unreadable_.erase(object);
  for (auto const& owner : metadata_of_(object).owner_references) {
    Owned const entry{.owner = hash_of(owner.uid), .object = object};
    auto const [first, last] = std::ranges::equal_range(owned_, entry);
    owned_.erase(first, last);
  }
}

}  // namespace kube
