#include "common/kube/packed_object.hpp"

#include "common/kube/resource_version.hpp"

#include <algorithm>

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

template <class T>
T taken(Unpacker& source) {
  T target{};
  unpack(source, target);
  return target;
}

}  // namespace

bool Identity::is_state_of(Identity const& other) const {
  return !resource_version.empty() && uid == other.uid &&
         resource_version == other.resource_version;
}

bool Identity::is_older_than(Identity const& other) const {
  auto const order = compare_versions(resource_version, other.resource_version);
  return order && *order < 0;
}

Identity identity_of(json::value const& object) {
  auto const* const metadata = member(&object, "metadata");
  return {.key = {.namespace_name = text(member(metadata, "namespace")),
                  .name = text(member(metadata, "name"))},
          .uid = text(member(metadata, "uid")),
          .resource_version = text(member(metadata, "resourceVersion"))};
}

Owners owners_of(json::value const& object) {
  Owners owners;
  auto const* const found = member(member(&object, "metadata"), "ownerReferences");
  auto const* const references = found ? found->if_array() : nullptr;
  if (!references) return owners;
  for (auto const& reference : *references) owners.push_back(text(member(&reference, "uid")));
  return owners;
}

ObjectRef ref_of(Key const& key) {
  return {std::string{key.namespace_name}, std::string{key.name}};
}

void identify(Metadata& metadata, Identity const& identity, Owners const& owners) {
  metadata.namespace_ = identity.key.namespace_name;
  metadata.name = identity.key.name;
  metadata.uid = identity.uid;
  metadata.resource_version = identity.resource_version;
  auto& references = metadata.owner_references;
  for (std::size_t at = 0; at < std::min(references.size(), owners.size()); ++at)
    references[at].uid = owners[at];
}

PackedObject::PackedObject(Identity const& identity, Owners const& owners,
                           Result<std::string> const& contents) {
  Packer packer;
  pack(identity, packer);
  pack(owners, packer);
  pack(contents.has_value(), packer);
  auto const head = packer.take();
  auto const& rest = contents ? *contents : contents.error().message;
  auto const size = head.size() + rest.size();
  block_ = new (size) Block{static_cast<std::uint32_t>(size)};
  std::ranges::copy(rest, std::ranges::copy(head, begin()).out);
}

char* PackedObject::begin() const { return reinterpret_cast<char*>(block_.get() + 1); }

Unpacker PackedObject::unpacker() const { return Unpacker{{begin(), block_->size}}; }

Key PackedObject::key() const {
  auto source = unpacker();
  return taken<Key>(source);
}

Identity PackedObject::identity() const {
  auto source = unpacker();
  return taken<Identity>(source);
}

Owners PackedObject::owners() const {
  auto source = unpacker();
  taken<Identity>(source);
  return taken<Owners>(source);
}

Result<std::string_view> PackedObject::contents() const {
  auto source = unpacker();
  taken<Identity>(source);
  taken<Owners>(source);
  bool const there = taken<bool>(source);
  if (!there) return invalid(std::string{source.rest()});
  return source.rest();
}

}  // namespace kube
