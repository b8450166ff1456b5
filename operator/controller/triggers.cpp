#include "operator/controller/triggers.hpp"

#include <algorithm>

namespace controller {
namespace {

void add_named(std::vector<kube::ObjectRef>& found, kube::Metadata const& metadata,
               std::string const& label) {
  auto const named = metadata.labels.find(label);
  if (named == metadata.labels.end() || named->second.empty()) return;
  kube::ObjectRef key{.namespace_name = metadata.namespace_, .name = named->second};
  if (std::ranges::find(found, key) == found.end()) found.push_back(std::move(key));
}

}  // namespace

bool is_news(kube::Metadata const& before, kube::Metadata const& after) {
  return before.uid != after.uid || before.generation != after.generation ||
         before.deletion_timestamp != after.deletion_timestamp || before.labels != after.labels ||
         before.annotations != after.annotations || before.finalizers != after.finalizers ||
         before.owner_references != after.owner_references;
}

std::vector<kube::ObjectRef> labelled(kube::Metadata const* before, kube::Metadata const* after,
                                      std::string_view label) {
  std::vector<kube::ObjectRef> found;
  std::string const key{label};
  if (before) add_named(found, *before, key);
  if (after) add_named(found, *after, key);
  return found;
}

}  // namespace controller
