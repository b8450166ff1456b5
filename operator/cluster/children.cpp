#include "operator/cluster/children.hpp"

namespace cluster {

Child const* find(Children const& children, kube::Resource const& kind, std::string const& name) {
  auto const found = children.find({kind.plural, name});
  return found != children.end() ? &found->second : nullptr;
}

bool belongs_to(kube::Metadata const& child, std::string_view uid) {
  auto const* const owner = kube::controller_of(child);
  return owner && owner->uid == uid;
}

}  // namespace cluster
