#include "common/kube/packed_object.hpp"

#include "common/kube/peek.hpp"
#include "common/kube/resource_version.hpp"

#include <algorithm>

namespace kube {
namespace {

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
  return {.key = {.namespace_name = text_of(metadata(object, "namespace")),
                  .name = text_of(metadata(object, "name"))},
          .uid = text_of(metadata(object, "uid")),
          .resource_version = text_of(metadata(object, "resourceVersion"))};
}

Owners owners_of(json::value const& object) {
  Owners owners;
  auto const* const found = metadata(object, "ownerReferences");
  auto const* const references = found ? found->if_array() : nullptr;
  if (!references) return owners;
  for (auto const& reference : *references) owners.push_back(text_of(member(&reference, "uid")));
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
