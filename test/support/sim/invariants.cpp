#include "test/support/sim/invariants.hpp"

namespace sim::invariants {
namespace {

template <class T>
bool is(cluster::Step const& step) {
  return std::holds_alternative<T>(step);
}

}  // namespace

std::set<std::string> forbid(World const& world, cluster::View const& seen,
                             cluster::Step const& step) {
  using namespace cluster;
  std::set<std::string> broken;
  auto const unless = [&](bool holds, std::string_view what) {
    if (!holds) broken.insert(std::string{what} + ": " + text_of(step));
  };
  bool const destroys = is<AssignSlots>(step) || is<Forget>(step) || is<TakeOver>(step);
  unless(!destroys || CompleteView::of(seen), "I3: destructive on an incomplete view");
  if (auto const* const one = std::get_if<HandOver>(&step)) {
    auto const* const replica = seen.find(one->replica.id);
    unless(replica && replica->is_in_sync() && replica->follows(one->primary.id),
           "I4: to a replica that is not in sync");
  }
  if (auto const* const one = std::get_if<TakeOver>(&step))
    unless(world.served_by(Id{one->dead().text()}).empty(), "I4: from a primary that is alive");
  if (auto const* const one = std::get_if<Forget>(&step))
    unless(world.served_by(Id{one->ghost().text()}).empty(), "I5: an owner of slots is forgotten");
  return broken;
}

std::set<std::string> keep_served(valkey::SlotSet const& before, valkey::SlotSet const& after,
                                  cluster::Step const& step) {
  if (after.contains_all(before)) return {};
  return {"I2: slots " + (before - after).text() + " were served before " + text_of(step)};
}

}  // namespace sim::invariants
