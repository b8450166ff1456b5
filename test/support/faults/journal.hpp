#pragma once
#include "test/support/faults/call.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

namespace faults {

/// A request, and what became of it.
struct Exchange {
  Call call;
  std::chrono::system_clock::time_point at;
  bool reached_server = false;
  unsigned server_status = 0;  ///< 0: the API server did not answer
  unsigned status = 0;         ///< what the client was told; 0: nothing
};

/// Every request that a proxy has seen, in order. Any thread may use it.
class Journal {
 public:
  std::size_t add(Call call);
  void amend(std::size_t entry, std::function<void(Exchange&)> const& amendment);
  std::vector<Exchange> entries() const;

  /// Waits until the entries are as wanted; false if they are not within `limit`.
  bool await(std::function<bool(std::vector<Exchange> const&)> const& wanted,
             std::chrono::milliseconds limit) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<Exchange> entries_;
};

}  // namespace faults
