#pragma once
#include "common/async/clock.hpp"
#include "common/valkey/connection.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>

namespace valkey {

struct PoolSettings {
  ConnectionLimits limits;
  Limit keep_idle = std::chrono::seconds{30};
  std::size_t most_idle = 2;  ///< of one node
};

/// Keeps connections for who asks the same node next, by the same access and certificates.
/// Belongs to one thread, and outlives its loans.
class Pool {
  struct Entry {
    net::Endpoint node;
    Access access;
    std::uint64_t generation = 0;  ///< of the TLS context that it was made with
    Connection connection;
    Clock::Instant idle_since;
  };

 public:
  /// A connection for one borrower. Goes back when it is dropped, if it can be used again.
  class Loan {
   public:
    Loan() = default;
    Loan(Loan&& other) noexcept { *this = std::move(other); }
    Loan& operator=(Loan&& other) noexcept;
    ~Loan() { give_back(); }

    Connection& operator*() { return entry_.front().connection; }
    Connection* operator->() { return &**this; }

   private:
    friend Pool;
    bool is_empty() const { return entry_.empty(); }
    void give_back();

    Pool* pool_ = nullptr;
    std::list<Entry> entry_;  ///< one, unless this is nobody's
  };

  explicit Pool(Clock& clock, PoolSettings settings = {}) : clock_{clock}, settings_{settings} {}

  /// An idle connection, or a new one; fails as Connection::open() does.
  Task<Loan> borrow(net::Endpoint node, Access access);

  /// Closes what has been idle for too long, until it is cancelled.
  Task<> tend();

  std::size_t idle() const { return idle_.size(); }

 private:
  Loan lend_idle(Entry const& wanted);
  void close_stale();
  void keep(std::list<Entry>& returned);

  Clock& clock_;
  PoolSettings settings_;
  std::list<Entry> idle_;  ///< the one used last stands last
};

}  // namespace valkey
