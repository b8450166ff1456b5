#include "common/valkey/pool.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace valkey {
namespace {

/// Looks whether files of the context have changed, too.
std::uint64_t generation_of(Access const& access) {
  if (!access.tls) return 0;
  (void)access.tls->current();
  return access.tls->generation();
}

}  // namespace

Pool::Loan& Pool::Loan::operator=(Loan&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  pool_ = std::exchange(other.pool_, nullptr);
  entry_ = std::exchange(other.entry_, {});
  return *this;
}

void Pool::Loan::give_back() {
  if (pool_) std::exchange(pool_, nullptr)->keep(entry_);
  entry_.clear();
}

Task<Pool::Loan> Pool::borrow(net::Endpoint node, Access access) {
  Entry wanted{.node = std::move(node),
               .access = std::move(access),
               .generation = 0,
               .connection = {},
               .idle_since = {}};
  wanted.generation = generation_of(wanted.access);
  close_stale();
  auto loan = lend_idle(wanted);
  if (!loan.is_empty()) co_return loan;
  CO_TRY(wanted.connection,
         co_await Connection::open(wanted.node, wanted.access, settings_.limits));
  loan.entry_.push_back(std::move(wanted));
  loan.pool_ = this;
  co_return loan;
}

/// Nothing where no idle connection will do.
Pool::Loan Pool::lend_idle(Entry const& wanted) {
  while (true) {
    auto const found = std::ranges::find_if(idle_.rbegin(), idle_.rend(), [&](Entry const& entry) {
      return entry.node == wanted.node && entry.access == wanted.access &&
             entry.generation == wanted.generation;
    });
    Loan loan;
    if (found == idle_.rend()) return loan;
    loan.entry_.splice(loan.entry_.end(), idle_, std::prev(found.base()));
    if (!loan->is_usable()) continue;
    loan.pool_ = this;
    return loan;
  }
}

Task<> Pool::tend() {
  while (true) {
    CO_TRY(co_await clock_.until(later(clock_.now(), settings_.keep_idle / 4)));
    close_stale();
  }
}

void Pool::close_stale() {
  auto const now = clock_.now();
  idle_.remove_if(
      [&](Entry const& entry) { return now - entry.idle_since >= settings_.keep_idle; });
}

/// Those that came back before go first.
void Pool::keep(std::list<Entry>& returned) {
  auto& entry = returned.front();
  if (!entry.connection.is_usable()) return;
  entry.idle_since = clock_.now();
  auto const of_node = [&](Entry const& other) { return other.node == entry.node; };
  auto const kept = static_cast<std::size_t>(std::ranges::count_if(idle_, of_node));
  if (kept >= settings_.most_idle) idle_.erase(std::ranges::find_if(idle_, of_node));
  idle_.splice(idle_.end(), returned);
}

}  // namespace valkey
