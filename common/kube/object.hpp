#pragma once
#include <boost/describe/class.hpp>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What every Kubernetes object has: a kind, a name, metadata, and paths to reach it by.
namespace kube {

enum class Scope { Namespaced, Cluster };

/// One kind of object as its API server serves it. The texts are static.
struct Resource {
  std::string_view group;  ///< empty for the core group
  std::string_view version;
  std::string_view plural;
  std::string_view kind;
  Scope scope;
  bool operator==(Resource const&) const = default;
};

/// "v1", "apps/v1"
std::string api_version(Resource const& resource);

struct ObjectRef {
  std::string namespace_name;  ///< empty for what is in no namespace
  std::string name;
  std::string text() const;  ///< "demo/cache" or "cache"
  auto operator<=>(ObjectRef const&) const = default;
};

/// RFC 3986, section 2.1: all but letters, digits and -._~ is escaped.
std::string percent_encoded(std::string_view text);

/// The path of all objects of a kind: in one namespace, or in all if none is named.
std::string path(Resource const& resource, std::string_view namespace_name = "");

/// The path of one object. Whatever its names hold, it has as many segments as it should: nothing
/// in them ends a segment, and an empty name does not turn the path into that of all objects.
std::string path(Resource const& resource, ObjectRef const& object,
                 std::string_view subresource = "");

/// Parameters of a request, in the order in which they were added.
class Query {
 public:
  void add(std::string_view name, std::string_view value);
  std::string const& text() const { return text_; }  ///< "?a=b&c=d", or nothing

 private:
  std::string text_;
};

struct OwnerReference {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string uid;
  bool controller = false;
  bool block_owner_deletion = false;
  bool operator==(OwnerReference const&) const = default;
};
BOOST_DESCRIBE_STRUCT(OwnerReference, (),
                      (api_version, kind, name, uid, controller, block_owner_deletion))

struct Metadata {
  std::string name;
  std::string namespace_;
  std::string uid;
  std::string resource_version;
  std::int64_t generation = 0;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  std::vector<OwnerReference> owner_references;
  std::vector<std::string> finalizers;
  std::string creation_timestamp;
  std::optional<std::string> deletion_timestamp;
  bool operator==(Metadata const&) const = default;
};
BOOST_DESCRIBE_STRUCT(Metadata, (),
                      (name, namespace_, uid, resource_version, generation, labels, annotations,
                       owner_references, finalizers, creation_timestamp, deletion_timestamp))

ObjectRef ref_of(Metadata const& metadata);

/// The owner that manages the object, of which an API server allows one; null if there is none.
OwnerReference const* controller_of(Metadata const& metadata);

}  // namespace kube

template <>
struct std::hash<kube::ObjectRef> {
  std::size_t operator()(kube::ObjectRef const& ref) const noexcept;
};
