#pragma once
#include "common/json/mapping.hpp"
#include "common/kube/cache.hpp"
#include "common/kube/object_table.hpp"

#include <functional>

namespace kube {

/// What of a Store does not depend on what it stores.
class AnyStore : public Cache {
 public:
  using Stored = ObjectTable::Stored;

  void replace_started() override;
  void seen(json::value const& object, Origin origin) override;
  void removed(json::value const& object) override;
  void replace_finished(std::string_view resource_version) override;
  void replace_abandoned() override;
  void advanced(std::string_view resource_version) override;

  /// Whether there was a complete list yet. Before, what is not here may well exist.
  bool synced() const { return synced_; }
  std::size_t size() const { return shown_.all().size(); }
  std::string const& resource_version() const { return resource_version_; }
  /// Whether all that happened up to this version is here: after a write, whether it is seen.
  bool has_seen(std::string_view resource_version) const;

 protected:
  struct AnyChange {
    ObjectRef const& ref;
    Stored before;
    Stored after;
    Origin origin;
    Error const* unreadable;
  };

  explicit AnyStore(ObjectTable::MetadataOf metadata_of);

  ObjectTable const& shown() const { return shown_; }

 private:
  virtual Result<Stored> decoded(json::value const& object) const = 0;
  /// Stands for an object that could not be read.
  virtual Stored stand_in(Metadata metadata) const = 0;
  virtual void report(AnyChange const& change) const = 0;

  /// What stood in a table before it changed.
  struct Former {
    Stored object;
    bool readable;
  };

  void add(ObjectTable& table, json::value const& object) const;
  static Former former(ObjectTable const& table, Stored const& object);
  void report(Former const& before, Stored const& after, Origin origin) const;
  void report_differences(ObjectTable const& replaced) const;

  ObjectTable::MetadataOf metadata_of_;
  ObjectTable shown_;
  std::optional<ObjectTable> next_;  // the list that is not finished
  bool synced_ = false;
  std::string resource_version_;
};

/// One object that appeared, changed, could not be read any more, or went away. An object that
/// was created anew under its name is told of as two changes: one went away, one appeared.
template <class T>
struct Change {
  ObjectRef const& ref;
  std::shared_ptr<T const> before;    ///< null if it was not there or could not be read
  std::shared_ptr<T const> after;     ///< null if it is gone or cannot be read
  Origin origin;                      ///< List if a new list showed it
  Error const* unreadable = nullptr;  ///< why it cannot be read, though it is there
};

/// The last seen objects of one kind. T is a described struct with a member `metadata`.
///
/// An object that is no T is there nonetheless: whoever asks for it, or for what its owner owns,
/// is told why it cannot be had, so that nobody takes it for gone.
template <class T>
class Store : public AnyStore {
 public:
  using Object = std::shared_ptr<T const>;

  Store() : AnyStore{[](void const* object) -> Metadata const& { return read(object).metadata; }} {}

  /// NotFound, or Invalid for an object that is no T.
  Result<Object> get(ObjectRef const& ref) const {
    auto const found = shown().find(ref.namespace_name, ref.name);
    if (!found) return not_found(ref.text() + " is not there");
    return cast(found);
  }

  /// By name; Invalid if one of them is no T.
  Result<std::vector<Object>> owned_by(std::string_view uid) const {
    std::vector<Object> owned;
    for (auto const& found : shown().owned_by(uid)) {
      TRY(auto object, cast(found));
      owned.push_back(std::move(object));
    }
    return owned;
  }

  /// By name, those that are a T.
  void for_each(std::function<void(Object const&)> const& visit) const {
    for (auto const& object : shown().all())
      if (!shown().unreadable(object.get())) visit(std::static_pointer_cast<T const>(object));
  }

  /// Calls `listener` after each change; it may read this store, and has to leave it as it is.
  void on_change(std::function<void(Change<T> const&)> listener) {
    listeners_.push_back(std::move(listener));
  }

 private:
  static T const& read(void const* object) { return *static_cast<T const*>(object); }

  Result<Object> cast(Stored const& object) const {
    if (auto const* const why = shown().unreadable(object.get()))
      return Failure{Error{*why}.during(ref_of(read(object.get()).metadata).text())};
    return std::static_pointer_cast<T const>(object);
  }

  Result<Stored> decoded(json::value const& object) const override {
    TRY(auto value, mapping::decode<T>(object));
    return std::make_shared<T const>(std::move(value));
  }
  Stored stand_in(Metadata metadata) const override {
    T object{};
    object.metadata = std::move(metadata);
    return std::make_shared<T const>(std::move(object));
  }
  void report(AnyChange const& change) const override {
    for (auto const& listener : listeners_)
      listener({.ref = change.ref,
                .before = std::static_pointer_cast<T const>(change.before),
                .after = std::static_pointer_cast<T const>(change.after),
                .origin = change.origin,
                .unreadable = change.unreadable});
  }

  std::vector<std::function<void(Change<T> const&)>> listeners_;
};

}  // namespace kube
