#pragma once
#include "common/kube/object.hpp"
#include "common/result.hpp"

#include <memory>
#include <optional>
#include <span>
#include <unordered_map>

namespace kube {

/// Objects of one kind by their names and owners, in 16 bytes for each and 16 for each owner; the
/// names and owners are those in the objects' own metadata. Additions that come in no order cost
/// little when they are settled together, and the time of moving all pointers when alone.
class ObjectTable {
 public:
  using Stored = std::shared_ptr<void const>;
  using MetadataOf = Metadata const& (*)(void const* object);

  explicit ObjectTable(MetadataOf metadata_of) : metadata_of_{metadata_of} {}

  /// Adds an object, which may be one that could not be read, in place of any of its name. Takes
  /// effect with the next settle().
  void add(Stored object, std::optional<Error> unreadable);
  void settle();

  /// These want a settled table.
  void remove(Stored const& object);
  Stored find(std::string_view namespace_name, std::string_view name) const;
  std::span<Stored const> all() const { return objects_; }
  std::vector<Stored> owned_by(std::string_view uid) const;

  /// Why an object could not be read; null for one that was.
  Error const* unreadable(void const* object) const;
  Metadata const& metadata_of(Stored const& object) const { return metadata_of_(object.get()); }

 private:
  /// An entry of the index by owner.
  struct Owned {
    std::size_t owner;  // a hash
    void const* object;
    auto operator<=>(Owned const&) const = default;
  };
  struct Key {
    std::string_view namespace_name;
    std::string_view name;
    auto operator<=>(Key const&) const = default;
  };

  Key key_of(Stored const& object) const;
  bool precedes(Stored const& left, Stored const& right) const;
  std::vector<Stored>::const_iterator lower_bound(Key const& key) const;
  void settle_one();
  void settle_many();
  void sort();
  void index(void const* object);
  void forget(void const* object);

  MetadataOf metadata_of_;
  std::vector<Stored> objects_;
  std::size_t settled_ = 0;  // how many objects are in order, with no name twice
  std::vector<Owned> owned_;
  std::unordered_map<void const*, Error> unreadable_;
};

}  // namespace kube
