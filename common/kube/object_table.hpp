#pragma once
#include "common/kube/packed_object.hpp"

#include <span>

namespace kube {

/// Objects of one kind by their names and owners, in 8 bytes for each and 16 for each owner; the
/// names and owners are those in the objects themselves. Additions that come in no order cost
/// little when they are settled together, and the time of moving all pointers when alone.
class ObjectTable {
 public:
  /// Adds an object in place of any of its name. Takes effect with the next settle().
  void add(PackedObject object) { objects_.push_back(std::move(object)); }
  void settle();

  /// These want a settled table.
  void remove(PackedObject const& object);
  PackedObject find(Key const& key) const;
  std::span<PackedObject const> all() const { return objects_; }
  std::vector<PackedObject> owned_by(std::string_view uid) const;  ///< by name

 private:
  /// An entry of the index by owner.
  struct Owned {
    std::size_t owner;  // a hash
    PackedObject object;
    auto operator<=>(Owned const&) const = default;
  };

  std::vector<PackedObject>::const_iterator lower_bound(Key const& key) const;
  void settle_one();
  void settle_many();
  void sort();
  void index(PackedObject const& object);
  void forget(PackedObject const& object);

  std::vector<PackedObject> objects_;
  std::size_t settled_ = 0;  // how many objects are in order, with no name twice
  std::vector<Owned> owned_;
};

}  // namespace kube
