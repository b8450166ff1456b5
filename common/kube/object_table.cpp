#include "common/kube/object_table.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace kube {
namespace {

std::size_t hash_of(std::string_view uid) { return std::hash<std::string_view>{}(uid); }

}  // namespace

void ObjectTable::settle() {
  auto const added = objects_.size() - settled_;
  if (added == 1) settle_one();
  if (added > 1) settle_many();
  settled_ = objects_.size();
}

void ObjectTable::settle_one() {
  auto object = std::move(objects_.back());
  objects_.pop_back();
  index(object);
  auto const place = objects_.begin() + (lower_bound(object.key()) - objects_.begin());
  if (place == objects_.end() || place->key() != object.key()) {
    objects_.insert(place, std::move(object));
    return;
  }
  auto const former = std::exchange(*place, std::move(object));
  if (former != *place) forget(former);
}

void ObjectTable::settle_many() {
  sort();
  std::size_t kept = 0;
  for (std::size_t at = 0; at < objects_.size(); ++at) {
    bool const last = at + 1 == objects_.size() || objects_[at].key() < objects_[at + 1].key();
    if (last) std::swap(objects_[kept++], objects_[at]);
  }
  objects_.resize(kept);
  objects_.shrink_to_fit();
  owned_.clear();
  for (auto const& object : objects_)
    for (auto const owner : object.owners())
      owned_.push_back({.owner = hash_of(owner), .object = object});
  std::ranges::sort(owned_);
  owned_.erase(std::ranges::unique(owned_).begin(), owned_.end());
  owned_.shrink_to_fit();
}

/// By name, and those of one name by when they were added.
void ObjectTable::sort() {
  if (std::ranges::is_sorted(objects_, {}, &PackedObject::key)) return;
  std::vector<std::pair<PackedObject, std::size_t>> numbered;
  numbered.reserve(objects_.size());
  for (auto& object : objects_) numbered.emplace_back(std::move(object), numbered.size());
  std::ranges::sort(numbered, [](auto const& left, auto const& right) {
    auto const order = left.first.key() <=> right.first.key();
    return order == 0 ? left.second < right.second : order < 0;
  });
  for (std::size_t at = 0; at < objects_.size(); ++at) objects_[at] = std::move(numbered[at].first);
}

void ObjectTable::remove(PackedObject const& object) {
  auto const place = lower_bound(object.key());
  if (place == objects_.end() || *place != object) return;
  forget(object);
  objects_.erase(place);
  settled_ = objects_.size();
}

PackedObject ObjectTable::find(Key const& key) const {
  auto const place = lower_bound(key);
  return place != objects_.end() && place->key() == key ? *place : PackedObject{};
}

std::vector<PackedObject> ObjectTable::owned_by(std::string_view uid) const {
  std::vector<PackedObject> found;
  for (auto const& [owner, object] :
       std::ranges::equal_range(owned_, hash_of(uid), {}, &Owned::owner)) {
    auto const owners = object.owners();
    if (std::ranges::find(owners, uid) != owners.end()) found.push_back(object);
  }
  std::ranges::sort(found, {}, &PackedObject::key);
  return found;
}

std::vector<PackedObject>::const_iterator ObjectTable::lower_bound(Key const& key) const {
  return std::ranges::lower_bound(objects_, key, {}, &PackedObject::key);
}

void ObjectTable::index(PackedObject const& object) {
  for (auto const owner : object.owners()) {
    Owned entry{.owner = hash_of(owner), .object = object};
    auto const place = std::ranges::lower_bound(owned_, entry);
    if (place == owned_.end() || *place != entry) owned_.insert(place, std::move(entry));
  }
}

void ObjectTable::forget(PackedObject const& object) {
  for (auto const owner : object.owners()) {
    Owned const entry{.owner = hash_of(owner), .object = object};
    auto const [first, last] = std::ranges::equal_range(owned_, entry);
    owned_.erase(first, last);
  }
}

}  // namespace kube
