#include "common/async/task.hpp"

#include <boost/asio/error.hpp>

Error from(boost::system::error_code failure) {
  if (failure == asio::error::operation_aborted) return {Fault::Cancelled, "cancelled"};
  return {Fault::Transient, failure.message()};
}

Task<> at_edge(Task<> task) {
  auto outcome = co_await guarded(std::move(task));
  co_await asio::this_coro::throw_if_cancelled(false);
  co_return outcome;
}
