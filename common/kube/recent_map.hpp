#pragma once
#include <cstddef>
#include <list>
#include <map>
#include <utility>

namespace kube {

/// A map of at most so many entries: a new one takes the place of that which was not asked for for
/// the longest time.
template <class Key, class Value>
class RecentMap {
 public:
  explicit RecentMap(std::size_t most) : most_{most} {}

  /// Null if it is not there. Asking counts.
  Value* find(Key const& key) {
    auto const found = places_.find(key);
    if (found == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }

  /// The key must not be there yet.
  Value& add(Key key, Value value) {
    if (places_.size() >= most_) erase(entries_.back().first);
    entries_.emplace_front(std::move(key), std::move(value));
    places_.emplace(entries_.front().first, entries_.begin());
    return entries_.front().second;
  }

  void erase(Key const& key) {
    auto const found = places_.find(key);
    if (found == places_.end()) return;
    auto const place = found->second;
    places_.erase(found);  // before the entry, which `key` may be part of
    entries_.erase(place);
  }

  /// All entries, without asking for any.
  std::list<std::pair<Key, Value>>& entries() { return entries_; }
  std::list<std::pair<Key, Value>> const& entries() const { return entries_; }

 private:
  std::size_t most_;
  std::list<std::pair<Key, Value>> entries_;  ///< what was asked for last comes first
  std::map<Key, typename std::list<std::pair<Key, Value>>::iterator> places_;
};

}  // namespace kube
