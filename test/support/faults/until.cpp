#include "test/support/faults/until.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>

namespace faults {
namespace {

using Wanted = std::function<bool(std::vector<Exchange> const&)>;

Task<> shown(Journal const& journal, Wanted wanted) {
  if (!journal.await(wanted, std::chrono::seconds{30}))
    co_return transient("the proxy has not seen it");
  co_return ok;
}

}  // namespace

Task<> until(Journal const& journal, Wanted wanted) {
  asio::thread_pool beside{1};
  co_return co_await asio::co_spawn(beside, shown(journal, std::move(wanted)), asio::use_awaitable);
}

}  // namespace faults
