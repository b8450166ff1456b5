#pragma once
#include "common/kube/cache.hpp"
#include "common/kube/object_table.hpp"
#include "common/kube/packed.hpp"

#include <functional>

namespace kube {

/// What of a Store does not depend on what it stores.
class AnyStore : public Cache {
 public:
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

  /// Calls `listener` whenever has_seen() or synced() may have changed, after the listeners to the
  /// changes that did it.
  void on_advance(std::function<void()> listener) {
    advance_listeners_.push_back(std::move(listener));
  }

 protected:
  struct AnyChange {
    PackedObject before;
    PackedObject after;
    Origin origin;
  };

  ObjectTable const& shown() const { return shown_; }

 private:
  /// The contents of an object, to be read by whoever knows its type.
  virtual Result<std::string> packed(json::value const& object) const = 0;
  virtual void report(AnyChange const& change) const = 0;

  void tell_of_advance() const;
  bool is_past(Identity const& event, PackedObject const& known) const;
  PackedObject kept(json::value const& object) const;
  /// As one change, or as two if it was created anew.
  void tell(AnyChange const& change) const;
  void report_differences(ObjectTable const& replaced) const;

  ObjectTable shown_;
  std::optional<ObjectTable> next_;  // the list that is not finished
  bool synced_ = false;
  std::string resource_version_;
  std::vector<std::function<void()>> advance_listeners_;
};

/// One object that appeared, changed, could not be read any more, or went away. An object that
/// was created anew under its name is told of as two changes: one went away, one appeared.
template <class T>
struct Change {
  ObjectRef ref;
  std::optional<T> before;          ///< none if it was not there or could not be read
  std::optional<T> after;           ///< none if it is gone or cannot be read
  Origin origin;                    ///< List if a new list showed it
  std::optional<Error> unreadable;  ///< why it cannot be read, though it is there
};

/// The last seen objects of one kind, packed: each is unpacked for whoever asks for it. T is a
/// described struct with a member `metadata`.
///
/// An object that is no T is there nonetheless: whoever asks for it, or for what its owner owns,
/// is told why it cannot be had, so that nobody takes it for gone.
template <class T>
class Store : public AnyStore {
 public:
  /// NotFound, or Invalid for an object that is no T.
  Result<T> get(ObjectRef const& ref) const {
    auto const found = shown().find({.namespace_name = ref.namespace_name, .name = ref.name});
    if (!found) return not_found(ref.text() + " is not there");
    return unpacked(found);
  }

  /// By name; Invalid if one of them is no T.
  Result<std::vector<T>> owned_by(std::string_view uid) const {
    std::vector<T> owned;
    for (auto const& found : shown().owned_by(uid)) {
      TRY(auto object, unpacked(found));
      owned.push_back(std::move(object));
    }
    return owned;
  }

  /// By name, those that are a T.
  void for_each(std::function<void(T const&)> const& visit) const {
    for (auto const& found : shown().all())
      if (auto const object = unpacked(found)) visit(*object);
  }

  /// Calls `listener` after each change; it may read this store, and has to leave it as it is.
  void on_change(std::function<void(Change<T> const&)> listener) {
    listeners_.push_back(std::move(listener));
  }

 private:
  /// What stands in the identity is not packed again.
  Result<std::string> packed(json::value const& object) const override {
    TRY(auto value, mapping::decode<T>(object));
    identify(value.metadata, {}, Owners(value.metadata.owner_references.size()));
    return pack(value);
  }

  static Result<T> unpacked(PackedObject const& object) {
    auto const contents = object.contents();
    auto value = contents ? unpack<T>(*contents) : Result<T>{Failure{contents.error()}};
    if (!value) return Failure{std::move(value).error().during(ref_of(object.key()).text())};
    identify(value->metadata, object.identity(), object.owners());
    return value;
  }

  void report(AnyChange const& change) const override {
    if (listeners_.empty()) return;
    auto const told = told_of(change);
    for (auto const& listener : listeners_) listener(told);
  }

  static Change<T> told_of(AnyChange const& change) {
    auto const& [before, after, origin] = change;
    Change<T> told{.ref = ref_of((after ? after : before).key()),
                   .before = {},
                   .after = {},
                   .origin = origin,
                   .unreadable = {}};
    if (before)
      if (auto value = unpacked(before)) told.before = *std::move(value);
    if (!after) return told;
    if (auto value = unpacked(after))
      told.after = *std::move(value);
    else
      told.unreadable = std::move(value).error();
    return told;
  }

  std::vector<std::function<void(Change<T> const&)>> listeners_;
};

}  // namespace kube
