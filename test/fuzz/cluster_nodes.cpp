#include "common/valkey/topology.hpp"

#include <cstdint>
#include <cstdlib>
#include <set>

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

/// Whether each slot has one owner, and each node one id.
void check(valkey::Topology const& view) {
  std::set<valkey::NodeId> ids;
  std::size_t slots = 0;
  std::size_t myselves = 0;
  for (auto const& node : view.nodes()) {
    ids.insert(node.id);
    slots += node.slots.count();
    myselves += node.is_myself ? 1 : 0;
    must(view.find(node.id) == &node);
    must(valkey::SlotSet::parse(node.slots.text()).value() == node.slots);
    if (!node.slots.empty()) must(view.owner_of(node.slots.ranges().front().first) == &node);
    for (auto const* const replica : view.replicas_of(node.id)) must(replica->primary == node.id);
  }
  must(myselves == 1 && view.myself().is_myself);
  must(ids.size() == view.nodes().size());
  must(slots == view.covered().count() && slots <= valkey::slot_count);
}

}  // namespace

/// Whatever a server says of its cluster, it is refused unless it makes sense.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(bytes), size};
  auto const view = valkey::Topology::parse(text);
  if (view)
    check(*view);
  else
    must(view.error().fault == Fault::Transient && view.error().message.size() < 512);
  return 0;
}
