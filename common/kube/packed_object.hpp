#pragma once
#include "common/kube/object.hpp"
#include "common/kube/packed.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <new>

namespace kube {

/// What an object is called. This and the other views here are valid as long as what they are of.
struct Key {
  std::string_view namespace_name;
  std::string_view name;
  auto operator<=>(Key const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Key, (), (namespace_name, name))

/// What makes one state of an object that state; empty where it does not say.
struct Identity {
  Key key;
  std::string_view uid;
  std::string_view resource_version;

  bool is_state_of(Identity const& other) const;
  bool is_older_than(Identity const& other) const;
};
BOOST_DESCRIBE_STRUCT(Identity, (), (key, uid, resource_version))

/// Their uids, one for each reference.
using Owners = std::vector<std::string_view>;

/// What can be told of any object, whatever else is wrong with it.
Identity identity_of(json::value const& object);
Owners owners_of(json::value const& object);

ObjectRef ref_of(Key const& key);

/// Says in an object's metadata what it is and whose. There are as many owners as references.
void identify(Metadata& metadata, Identity const& identity, Owners const& owners);

/// One object in one piece of memory, which copies in the same thread share: what it is and who
/// owns it, to be had at little cost, and its packed contents, or why it has none.
class PackedObject {
 public:
  PackedObject() = default;  ///< none
  PackedObject(Identity const& identity, Owners const& owners, Result<std::string> const& contents);

  explicit operator bool() const { return block_ != nullptr; }
  /// By piece of memory.
  auto operator<=>(PackedObject const& other) const {
    return std::compare_three_way{}(block_.get(), other.block_.get());
  }
  bool operator==(PackedObject const&) const = default;

  /// These are for one that is there.
  Key key() const;
  Identity identity() const;
  Owners owners() const;
  Result<std::string_view> contents() const;

 private:
  /// What stands before the bytes: 8 bytes, where a shared pointer of the standard has 40 more.
  struct Block : boost::intrusive_ref_counter<Block, boost::thread_unsafe_counter> {
    explicit Block(std::uint32_t count) : size{count} {}
    static void* operator new(std::size_t own, std::size_t size) {
      return ::operator new(own + size);
    }
    static void operator delete(void* memory) { ::operator delete(memory); }
    static void operator delete(void* memory, std::size_t) { ::operator delete(memory); }

    std::uint32_t size;
  };

  char* begin() const;
  Unpacker unpacker() const;

  boost::intrusive_ptr<Block> block_;
};

}  // namespace kube
