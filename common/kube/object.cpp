#include "common/kube/object.hpp"

#include "common/ascii.hpp"

#include <algorithm>

namespace kube {
namespace {

/// RFC 3986, section 2.3
bool is_unreserved(char letter) {
  return ascii::is_letter(letter) || ascii::is_digit(letter) ||
         std::string_view{"-._~"}.contains(letter);
}

void append_escaped(std::string& target, char letter) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  auto const byte = static_cast<unsigned char>(letter);
  target += '%';
  target += digits[byte / 16];
  target += digits[byte % 16];
}

/// Segments that mean something to whoever normalises paths are written so that they name
/// nothing: "", "." and "..".
std::string segment(std::string_view text) {
  if (text.empty()) return "/%00";
  if (text != "." && text != "..") return "/" + percent_encoded(text);
  std::string dots = "/";
  for (char const dot : text) append_escaped(dots, dot);
  return dots;
}

std::string root_of(Resource const& resource) {
  return resource.group.empty() ? "/api" + segment(resource.version)
                                : "/apis" + segment(resource.group) + segment(resource.version);
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  std::string target;
  for (char const letter : text) {
    if (is_unreserved(letter))
      target += letter;
    else
      append_escaped(target, letter);
  }
  return target;
}

std::string api_version(Resource const& resource) {
  std::string const version{resource.version};
  return resource.group.empty() ? version : std::string{resource.group} + "/" + version;
}

std::string ObjectRef::text() const {
  return namespace_name.empty() ? name : namespace_name + "/" + name;
}

std::string path(Resource const& resource, std::string_view namespace_name) {
  auto text = root_of(resource);
  if (resource.scope == Scope::Namespaced && !namespace_name.empty())
    text += "/namespaces" + segment(namespace_name);
  return text + segment(resource.plural);
}

std::string path(Resource const& resource, ObjectRef const& object, std::string_view subresource) {
  auto text = root_of(resource);
  if (resource.scope == Scope::Namespaced) text += "/namespaces" + segment(object.namespace_name);
  text += segment(resource.plural) + segment(object.name);
  if (!subresource.empty()) text += segment(subresource);
  return text;
}

void Query::add(std::string_view name, std::string_view value) {
  text_ += (text_.empty() ? "?" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
}

ObjectRef ref_of(Metadata const& metadata) { return {metadata.namespace_, metadata.name}; }

OwnerReference const* controller_of(Metadata const& metadata) {
  auto const found = std::ranges::find_if(metadata.owner_references, &OwnerReference::controller);
  return found == metadata.owner_references.end() ? nullptr : &*found;
}

}  // namespace kube

std::size_t std::hash<kube::ObjectRef>::operator()(kube::ObjectRef const& ref) const noexcept {
  std::hash<std::string> const one;
  return one(ref.namespace_name) * 31 + one(ref.name);
}
