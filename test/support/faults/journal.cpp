#include "test/support/faults/journal.hpp"

#include <utility>

namespace faults {

std::size_t Journal::add(Call call) {
  std::scoped_lock const lock{mutex_};
  entries_.push_back({std::move(call), std::chrono::system_clock::now(), false, 0, 0});
  changed_.notify_all();
  return entries_.size() - 1;
}

void Journal::amend(std::size_t entry, std::function<void(Exchange&)> const& amendment) {
  std::scoped_lock const lock{mutex_};
  amendment(entries_[entry]);
  changed_.notify_all();
}

std::vector<Exchange> Journal::entries() const {
  std::scoped_lock const lock{mutex_};
  return entries_;
}

bool Journal::await(std::function<bool(std::vector<Exchange> const&)> const& wanted,
                    std::chrono::milliseconds limit) const {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, limit, [&] { return wanted(entries_); });
}

}  // namespace faults
